import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { cards } from './cards.ts';
import { chargeBody, charged, operationBody, statusOf } from './testing/charges.ts';
import { createClient } from './testing/client.ts';
import {
  createHome,
  end,
  endLater,
  endLeftovers,
  type Home,
  launch,
  mainFile,
  secret,
  start,
} from './testing/simulator.ts';

const good = '4242424242424242';

/** Starts a simulator as its child and tells process id and port. */
const parentScript = `
  const child = require('node:child_process').fork(
    ${JSON.stringify(mainFile)}, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.on('message', ({ port }) => process.stdout.write(JSON.stringify([child.pid, port])));
`;

/** A hang must fail, not stop the whole run. Far above what the test takes. */
const bounded = { timeout: 30_000 };

after(endLeftovers);

describe('the process', () => {
  let home: Home;
  before(async () => {
    home = await createHome();
  });
  after(() => home.remove());

  it('keeps every answered charge through kill -9', async () => {
    let running = await start(home);
    const captured = await charged(running.client, good);
    const refund = operationBody(700);
    await running.client.post(`/v1/charges/${captured}/refunds`, refund);
    const answered = new Map<string, string>();
    const many = Array.from({ length: 400 }, async () => {
      const sent = chargeBody(good);
      const reply = await running.client.post('/v1/charges', sent).catch(() => undefined);
      if (reply === undefined) return;
      answered.set(sent.idempotency_key, reply.body.id);
      if (answered.size === 100) running.child.kill('SIGKILL');
    });
    await Promise.all(many);
    await end(running, 'SIGKILL');
    assert.ok(answered.size >= 100);

    running = await start(home);
    for (const [key, id] of answered) {
      assert.equal((await statusOf(running.client, key)).body.charge.id, id);
    }
    const { body } = await statusOf(running.client, refund.idempotency_key);
    assert.equal(body.operation?.status, 'succeeded');
    assert.equal(body.charge.amount_refunded, 700);
    const again = await running.client.post(`/v1/charges/${captured}/refunds`, refund);
    assert.deepEqual(again.body, body.operation);
    await end(running);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops in order on ${signal}, and cuts off those who wait too long`, async () => {
      const running = await start(home);
      const slow = chargeBody('4000000000000259');
      const waiting = running.client.post('/v1/charges', slow);
      const lost = assert.rejects(waiting);
      while (!(await statusOf(running.client, slow.idempotency_key)).body.found);
      const closed = once(running.child, 'close');
      running.child.kill(signal);
      await lost;
      assert.deepEqual(await closed, [0, null]);
      assert.match(running.output(), /"message":"stopped"/);
      assert.ok(!running.output().includes('"level":"error"'), running.output());
      running.client.close();
    });
  }

  it('stops when its parent is killed, so that no orphan holds the port', bounded, async () => {
    const parent = spawn(process.execPath, ['-e', parentScript], { env: home.env });
    assert.ok(parent.pid);
    const ended = endLater(parent.pid);
    parent.once('exit', ended.forget);
    const [pid, port]: number[] = JSON.parse(String((await once(parent.stdout, 'data'))[0]));
    assert.ok(pid !== undefined && port !== undefined);
    const { forget } = endLater(pid);
    const client = createClient(port, home.ca, secret);
    assert.equal((await client.get('/livez')).status, 200);
    parent.kill('SIGKILL');
    let code: unknown;
    while (code !== 'ECONNREFUSED') {
      code = await client.get('/livez').then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code,
      );
    }
    forget();
    client.close();
  });

  it('names every missing setting and every mistake at once', async () => {
    const { child, output } = launch({ PAYOS_SIMULATOR_PORT: 'x', PAYOS_LOG_LEVEL: 'loud' });
    assert.deepEqual(await once(child, 'close'), [1, null]);
    for (const name of ['SIMULATOR_PORT', 'LOG_LEVEL', 'SIMULATOR_SECRET', 'TLS_CERT']) {
      assert.match(output(), new RegExp(`^simulator: PAYOS_${name} `, 'm'));
    }
  });

  it('says in one line that its port is taken', async () => {
    const running = await start(home);
    const { child, output } = launch({ ...home.env, PAYOS_SIMULATOR_PORT: `${running.port}` });
    assert.deepEqual(await once(child, 'close'), [1, null]);
    assert.match(output(), /^simulator: port \d+ is taken\. Set PAYOS_SIMULATOR_PORT .*\n$/);
    await end(running);
  });

  it('says in one line that a certificate cannot be read', async () => {
    const env = { ...home.env, PAYOS_TLS_KEY_FILE: join(home.folder, 'nothing.pem') };
    const { child, output } = launch(env);
    assert.deepEqual(await once(child, 'close'), [1, null]);
    assert.match(output(), /^simulator: .*nothing\.pem.*\n$/);
  });

  it('refuses a data file of another version', async () => {
    const other = await createHome();
    await end(await start(other));
    const db = new DatabaseSync(join(other.folder, 'simulator', 'simulator.sqlite'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    const { child, output } = launch(other.env);
    assert.deepEqual(await once(child, 'close'), [1, null]);
    assert.match(output(), /^simulator: .*version 99.*\n$/);
    other.remove();
  });
});

describe('card data', () => {
  /** The ways in which bytes of a text could lie in a file. */
  function forms(text: string): Buffer[] {
    const plain = Buffer.from(text);
    const spaced = text.replace(/(.{4})(?=.)/g, '$1 ');
    const utf16 = Buffer.from(text, 'utf16le');
    const integer = Buffer.alloc(8);
    integer.writeBigUInt64BE(BigInt(text));
    const encoded = [plain.toString('hex'), plain.toString('base64').replace(/=+$/, '')];
    return [plain, Buffer.from(spaced), utf16, integer.subarray(1), ...encoded.map(Buffer.from)];
  }

  it('is in no file and no log, while running and after kill -9', async () => {
    const home = await createHome();
    const running = await start(home);
    const numbers = [...cards.approved, ...cards.declined, ...cards.faulty]
      .filter(({ behaviour }) => behaviour !== 'slow')
      .map(({ number }) => number);
    const name = 'Canary Cardholder';
    const code = '7319';
    for (const number of numbers) {
      const body = chargeBody(number, {}, { code, name, exp_year: 2087 });
      await running.client.post('/v1/charges', body).catch(() => undefined);
      const malformed = { ...body, card: { ...body.card, number: `${number}0`, exp_month: 99 } };
      assert.equal((await running.client.post('/v1/charges', malformed)).status, 400);
      const broken = JSON.stringify(body).slice(0, -1);
      await running.client.call('/v1/charges', { method: 'POST', raw: broken });
    }
    const folder = join(home.folder, 'simulator');
    const search = () => {
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
      for (const bytes of [...files, Buffer.from(running.output())]) {
        for (const number of numbers) {
          for (const form of forms(number)) assert.equal(bytes.indexOf(form), -1);
        }
        for (const text of [name, `"${code}"`, 'exp_year":2087'])
          assert.equal(bytes.indexOf(text), -1);
      }
      return files;
    };
    const files = search();
    assert.ok(files.length >= 2, 'the WAL was searched too');
    assert.ok(files.some((bytes) => bytes.includes('insufficient_funds')));
    assert.match(running.output(), /"status":400/);
    await end(running, 'SIGKILL');
    search();
    home.remove();
  });

  it('lies in a folder that only its owner can read', async () => {
    const home = await createHome();
    await end(await start(home), 'SIGKILL');
    const folder = join(home.folder, 'simulator');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const file of readdirSync(folder)) {
      assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
    }
    home.remove();
  });
});
