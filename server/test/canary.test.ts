import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningCluster, startCluster } from '../../tools/harness/cluster.ts';
import { signedIn } from '../../tools/harness/people.ts';
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../tools/harness/webhook-receiver.ts';
import { type Receiver, startReceiver } from '../src/egress/test-support.ts';
import { cardForms, formsFound } from './card-forms.ts';
import { foundInMemory } from './memory-search.ts';
import { eventually, openShop, type Shop } from './shop.ts';

/**
 * Pays with marker cards in every way there is, then searches everything for them: tables, dumps,
 * the database's files and write-ahead log, logs, webhook bodies, the simulator's state, crash
 * reports, and the memory of the processes outside the card data environment.
 */
const markers = ['4012888888881881', '371449635398431', '5200828282828210'] as const;
const holder = 'Quixotry Canarybird';
const codes = ['8391', '7264', '9158'];

let running: RunningCluster;
let shop: Shop;
let receiver: WebhookReceiver;
let partner: Receiver;
let forwarding: string;
const reports = join(tmpdir(), `payos-reports-${process.pid}`);
const outside = ['server', 'worker'] as const;
const notLinux = process.platform === 'linux' ? false : 'memory can be read on Linux only';
/** What a process writes down when it crashes; here on a signal. */
const reporting = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${reports}`;

before(async () => {
  running = await startCluster({ durable: true });
  mkdirSync(reports, { mode: 0o711 });
  const pem = (name: string) => readFileSync(join(running.cluster.certificates, name), 'utf8');
  // A partner that answers with what it was sent. Of a name by itself, answers are not cleared.
  partner = await startReceiver(
    { cert: pem('localhost.pem'), key: pem('localhost-key.pem') },
    (got, response) => {
      const echo = got.body.toString().replaceAll(holder, 'somebody');
      response.writeHead(200, { 'content-type': 'application/json' }).end(echo);
    },
  );
  const settings = {
    PAYOS_LOG_LEVEL: 'debug',
    PAYOS_FORWARD_DESTINATIONS: `localhost:${partner.port}`,
  };
  shop = await openShop({ cluster: running.cluster, settings });
  await openDestination();
  receiver = await startWebhookReceiver(running.cluster.certificates);
  const made = await shop.post('/v1/webhook_endpoints', { url: receiver.url });
  receiver.expect(made.body.secret);
  await useCards();
});
after(async () => {
  await shop?.stop();
  await receiver?.stop();
  await partner?.close();
  await running?.stop();
  rmSync(reports, { recursive: true, force: true });
});

async function useCards(): Promise<void> {
  for (const [index, number] of markers.entries()) {
    const code = number.length === 15 ? (codes[index] ?? '') : (codes[index] ?? '').slice(0, 3);
    const more = { name: holder, cvc: code };
    await shop.pay({ token: await shop.tokenize(number, more) });
    const saved = await shop.pay({
      token: await shop.tokenize(number, more),
      save_for: number.slice(0, 4),
    });
    await shop.pay({ payment_method: saved.body.payment_method });
    const held = await shop.pay({ token: await shop.tokenize(number, more), capture: 'manual' });
    await shop.post(`/v1/payments/${held.body.id}/capture`, {});
    await shop.post('/v1/refunds', { payment: saved.body.id });
    await shop.tokenize(number, more);
    await again(saved.body.payment_method, code);
    await checkOut(number, more);
    await forward(number, more);
    await wrongly(number, more);
  }
  const events = (await shop.get('/v1/events?type=refund.succeeded')).body.data.length;
  assert.equal(events, markers.length);
  await eventually(async () => (receiver.received.length >= 12 ? true : undefined), 'webhooks');
}

/** A saved card whose security code is asked for again. */
async function again(method: string, cvc: string): Promise<void> {
  const body = { type: 'cvc', cvc };
  const made = await shop.vault.call('POST', '/v1/tokens', { key: shop.publishable, body });
  assert.equal(made.status, 201, made.text);
  const paid = await shop.pay({ payment_method: method, cvc_token: made.body.id });
  assert.equal(paid.status, 201, paid.text);
}

async function openDestination(): Promise<void> {
  const db = await shop.connect('control');
  const roles = { test: 'owner', live: 'owner' };
  const owner = await signedIn(shop.api, db, { organization: shop.organization, roles });
  await db.end();
  const made = await owner.call('POST', '/v1/forward_destinations', {
    mode: 'test',
    body: {
      name: 'Partner',
      url: `https://localhost:${partner.port}/v1/`,
      content_type: 'application/json',
      fields: { number: ['/card/number'], code: ['/card/cvc'], name: ['/card/holder'] },
    },
  });
  assert.equal(made.status, 201, made.text);
  const permissions = ['cards:forward'] as const;
  forwarding = (await shop.operator.mint(shop.organization, { permissions: [...permissions] })).key;
}

/** A card to a partner, who sends it back. */
async function forward(number: string, more: object): Promise<void> {
  const card = { number: '{{card.number}}', cvc: '{{card.code}}', holder: '{{card.name}}' };
  const url = `https://localhost:${partner.port}/v1/members`;
  const token = await shop.tokenize(number, more);
  const request = { method: 'POST', url, headers: {}, body: { card } };
  const sent = await shop.api.post('/v1/forward', forwarding, { token, request });
  assert.equal(sent.status, 201, sent.text);
  assert.ok(partner.received.at(-1)?.body.includes(number), 'the partner did not get the card');
}

/** What the hosted page and its fields ask, with the secrets that they have. */
async function checkOut(number: string, more: object): Promise<void> {
  const origin = `https://localhost:${shop.ports.api}`;
  const made = await shop.post('/v1/checkout_sessions', {
    amount: 700,
    currency: 'EUR',
    reference: `order ${number.slice(0, 4)}`,
    return_url: 'https://shop.example/thanks',
    cancel_url: 'https://shop.example/cart',
  });
  const secret = new URL(made.body.url).hash.slice(1);
  const path = `/v1/checkout_sessions/${made.body.id}`;
  const { collect_key: key } = (await shop.api.get(`${path}/page`, secret)).body;
  const card = { number, exp_month: 12, exp_year: 2031, ...more };
  const body = { type: 'card', card };
  const headers = { origin };
  const collected = await shop.vault.call('POST', '/v1/tokens', { key, body, headers });
  const confirm = { try: 0, token: collected.body.id };
  const paid = await shop.api.call('POST', `${path}/confirm`, { key: secret, body: confirm });
  assert.equal(paid.body.status, 'complete', paid.text);
}

/** What a careless merchant sends to the wrong place, or in a wrong form. */
async function wrongly(number: string, more: object): Promise<void> {
  const { api, vault, secret, publishable } = shop;
  await shop.post('/v1/customers', { name: number });
  await shop.post('/v1/payments', { amount: 1, currency: 'EUR', description: number });
  await shop.post('/v1/payments', { card: { number }, amount: number });
  await shop.get(`/v1/payments/${number}`);
  await shop.get(`/v1/payments?reference=${number}`);
  await api.call('POST', `/v1/${number}`, { key: secret, raw: `{"number":"${number}"` });
  await api.call('POST', '/v1/tokens', { key: secret, body: { type: 'card', card: { number } } });
  const card = { number, exp_month: 13, exp_year: 1999, ...more, extra: number };
  await vault.call('POST', '/v1/tokens', { key: publishable, body: { type: 'card', card } });
  await vault.call('POST', '/v1/tokens', { key: number, body: { type: number } });
  await vault.call('POST', `/v1/tokens/${number}?n=${number}`, { key: publishable, raw: number });
}

function assertClean(what: string, bytes: Buffer): void {
  for (const number of markers) {
    assert.deepEqual(formsFound(bytes, number), [], `${what} holds card ${number.slice(-4)}`);
  }
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the search itself', () => {
  it('finds every form of a number where there is one', () => {
    for (const number of markers) {
      for (const [name, form] of cardForms(number)) {
        const haystack = Buffer.concat([Buffer.from('before '), form, Buffer.from(' after')]);
        assert.ok(formsFound(haystack, number).includes(name), `${name} of ${number.slice(-4)}`);
      }
    }
  });
});

describe('a card number', () => {
  for (const which of ['control', 'vault'] as const) {
    it(`is in no row of the ${which} database, nor are code and name`, async () => {
      const client = await shop.connect(which);
      try {
        const { rows: tables } = await client.query(
          "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        );
        assert.ok(tables.length > 4);
        for (const { name } of tables) {
          const { rows } = await client.query(`SELECT t::text AS line FROM ${name} t`);
          const text = rows.map((row) => row.line).join('\n');
          assertClean(`${which}.${name}`, Buffer.from(text));
          assert.ok(!text.includes(holder), `${name} holds the name`);
          for (const code of codes)
            assert.doesNotMatch(text, new RegExp(`"${code}"|[,(]${code}[,)]`));
        }
      } finally {
        await client.end();
      }
    });
  }

  it('is in no file of the database: tables, indexes, write-ahead log', async () => {
    const client = await shop.connect('control');
    await client.query('CHECKPOINT');
    await client.end();
    const files = filesBelow(join(running.cluster.directory, 'postgres'));
    assert.ok(files.some((file) => file.includes('pg_wal')));
    for (const file of files) {
      const bytes = readFileSync(file);
      assertClean(file, bytes);
      assert.ok(!bytes.includes(holder), `${file} holds the name`);
    }
  });

  it('is in no log and not in the state of the simulator', () => {
    const files = filesBelow(shop.directory);
    assert.ok(files.some((file) => file.endsWith('server.log')));
    assert.ok(files.some((file) => file.includes('sqlite')));
    for (const file of files) assertClean(file, readFileSync(file));
    const vaultLog = shop.processes.vault.log() + shop.processes.server.log();
    assert.ok(!vaultLog.includes(holder), 'a log holds the name');
    for (const code of codes) assert.ok(!vaultLog.includes(`"${code}"`), 'a log holds the code');
  });

  it('is in no webhook', () => {
    assertClean('a webhook', Buffer.from(JSON.stringify(receiver.received)));
  });

  for (const which of ['control', 'vault'] as const) {
    it(`is in no dump of the ${which} database, nor are code and name`, async () => {
      const folder = join(reports, which);
      mkdirSync(folder);
      // PostgreSQL writes it, which is another user where the tests are root.
      chmodSync(folder, 0o777);
      const client = await shop.connect(which);
      try {
        const { rows: tables } = await client.query(
          "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        );
        // What pg_dump writes of each table.
        for (const { name } of tables) await client.query(`COPY ${name} TO '${folder}/${name}'`);
        assert.ok(tables.length > 4);
      } finally {
        await client.end();
      }
      const dumped = Buffer.concat(filesBelow(folder).map((file) => readFileSync(file)));
      assert.ok(dumped.includes(shop.organization));
      assertClean(`the dump of ${which}`, dumped);
      assert.ok(!dumped.includes(holder), 'a dump holds the name');
      for (const code of codes) {
        assert.doesNotMatch(dumped.toString('latin1'), new RegExp(`"${code}"|\\t${code}[\\t\\n]`));
      }
    });
  }

  it('is not in what server, worker and vault write down when they crash', async () => {
    await startAnew([...outside, 'vault']);
    await payInOrder();
    for (const name of [...outside, 'vault'] as const) shop.processes[name].signal('SIGUSR2');
    const written = await eventually(async () => {
      const found = filesBelow(reports).filter((file) => file.endsWith('.json'));
      const whole = found.filter((file) => readFileSync(file, 'utf8').trimEnd().endsWith('}'));
      return whole.length >= 3 ? whole : undefined;
    }, 'three reports');
    for (const file of written) {
      const bytes = readFileSync(file);
      assert.ok(bytes.includes('javascriptHeap'));
      assertClean('a crash report', bytes);
    }
  });

  it('is not in the memory of server and worker', { skip: notLinux }, async () => {
    // What was sent to the wrong process by mistake is gone with the garbage; a payment's card
    // never was there. So the mistakes are left out here: new processes, then payments alone.
    await startAnew(outside);
    await payInOrder();
    const [, number = ''] = markers;
    await forward(number, { cvc: codes[1], name: holder });
    const wanted = cardForms(number);
    wanted.set('name', Buffer.from(holder));
    wanted.set('code', Buffer.from(`"${codes[1]}"`));
    // What has to be there, so that nothing found means something.
    wanted.set('secret', Buffer.from(shop.simulatorSecret));
    for (const name of outside) {
      const found = foundInMemory(shop.processes[name].pid, wanted);
      assert.deepEqual([...found], ['secret'], name);
    }
  });
});

async function startAnew(names: readonly ('server' | 'worker' | 'vault')[]): Promise<void> {
  for (const name of names) {
    await shop.processes[name].stop();
    await shop.processes[name].start({ NODE_OPTIONS: reporting });
  }
}

/** Payments as they should be, with every part of a card. */
async function payInOrder(): Promise<void> {
  for (const [index, number] of markers.entries()) {
    const code = codes[index] ?? '';
    const cvc = number.length === 15 ? code : code.slice(0, 3);
    const token = await shop.tokenize(number, { cvc, name: holder });
    const paid = await shop.pay({ token, save_for: 'memory' });
    assert.equal(paid.status, 201, paid.text);
  }
}
