import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { goodCard, newAttempt, type Stage, setStage } from './stage.ts';
import {
  call,
  internalTls,
  newApiKey,
  newOrganization,
  readAll,
  startKeyServer,
} from './support.ts';

let stage: Stage;
before(async () => {
  stage = await setStage();
});
after(() => stage.close());

const overTls = () =>
  connectTls({ port: stage.vault.port, servername: 'localhost', ca: stage.ground.pem('ca.pem') });

/** Sends raw bytes and answers everything that comes back until the other side hangs up. */
async function exchange(socket: Socket, ...parts: string[]): Promise<string> {
  socket.on('error', () => {});
  for (const part of parts) socket.write(part);
  return readAll(socket).catch(() => '');
}

const statusOf = (text: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
const codeOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).code;

describe('the public port', () => {
  it('refuses plain HTTP without a redirect, and does not log what it carried', async () => {
    const key = newApiKey();
    const head = `POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}`;
    const text = await exchange(connectPlain(stage.vault.port, '127.0.0.1'), `${head}\r\n\r\n`);
    assert.equal(statusOf(text), 400);
    assert.equal(codeOf(text), 'plain_http');
    assert.doesNotMatch(text, /location:/i);
    await stage.vault.said('plain_http_refused');
    assert.equal(stage.vault.output().includes(key), false);
  });

  it('takes TLS 1.2 and 1.3, nothing older', async () => {
    const ca = stage.ground.pem('ca.pem');
    const { port } = stage.vault;
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = connectTls({
        port,
        servername: 'localhost',
        ca,
        minVersion: version,
        maxVersion: version,
      });
      await once(socket, 'secureConnect');
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
    const old = connectTls({
      port,
      servername: 'localhost',
      ca,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await assert.rejects(once(old, 'secureConnect'));
  });

  it('answers malformed HTTP with a problem', async () => {
    const broken: [string, number, string][] = [
      ['nonsense\r\n\r\n', 400, 'malformed_http'],
      ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, 'malformed_http'],
      [
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        400,
        'malformed_http',
      ],
      [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
      ['CONNECT localhost:1 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'method_not_allowed'],
    ];
    for (const [bytes, status, code] of broken) {
      const text = await exchange(overTls(), bytes);
      assert.equal(statusOf(text), status, bytes.slice(0, 60));
      assert.equal(codeOf(text), code);
      assert.match(text, /PayOS-Request-Id: req_/);
    }
  });
});

describe('patience', { concurrency: true }, () => {
  it('gives a body ten seconds', async () => {
    const head =
      `POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${stage.key}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
    const text = await exchange(overTls(), head);
    assert.equal(statusOf(text), 408);
    assert.equal(codeOf(text), 'request_timeout');
  });

  it('closes a connection that says nothing', async () => {
    const socket = connectPlain(stage.vault.port, '127.0.0.1');
    assert.equal(await exchange(socket), '');
  });
});

describe('the internal port', () => {
  const ask = (tls: Record<string, string>) =>
    call(
      {
        port: stage.vault.internalPort,
        path: '/internal/tokens/describe',
        headers: { 'content-type': 'application/json' },
        tls,
      },
      JSON.stringify({ tokens: [stage.owned(`tok_${'1'.repeat(22)}`)] }),
    );

  it('knows the server, lets the worker do only what it needs, and nobody else', async () => {
    const token = stage.owned(`tok_${'1'.repeat(22)}`);
    const tokens = { tokens: [token] };
    const server = await stage.ask('/internal/tokens/describe', tokens);
    assert.deepEqual(server.json, { tokens: [null] });
    const worker = await stage.ask('/internal/tokens/describe', tokens, 'payos-worker');
    assert.equal(worker.json.code, 'permission_denied');
    const kept = await stage.ask('/internal/tokens/keep', token, 'payos-worker');
    assert.equal(kept.json.code, 'not_found');
    const itself = await ask(internalTls(stage.ground, 'payos-vault'));
    assert.equal(itself.json.code, 'permission_denied');
    const ca = stage.ground.pem('internal/ca.pem');
    await assert.rejects(ask({ ca }));
    const stranger = {
      cert: stage.ground.pem('localhost.pem'),
      key: stage.ground.pem('localhost-key.pem'),
    };
    await assert.rejects(ask({ ca, ...stranger }));
  });

  it('is not reachable through the public one', async () => {
    for (const path of ['tokens/describe', 'tokens/keep', 'tokens/delete', 'forward']) {
      assert.equal((await stage.post({}, {}, `/internal/${path}`)).status, 404);
    }
  });

  it('refuses what is not exactly in the contract', async () => {
    const bodies = [
      {},
      { ...stage.owned('tok_1') },
      { ...stage.owned(`tok_${'1'.repeat(22)}`), reveal: true },
      { ...stage.owned(`tok_${'1'.repeat(22)}`), attempt: newAttempt() },
    ];
    for (const body of bodies) {
      const reply = await stage.ask('/internal/tokens/keep', body);
      assert.equal(reply.json.code, 'invalid_request');
      const list = await stage.ask('/internal/tokens/describe', { tokens: [body] });
      assert.equal(list.json.code, 'invalid_request');
    }
  });
});

describe('key checks', () => {
  const body = { type: 'card', card: goodCard };

  it('make one key of each purpose for a new organization', async () => {
    const organization = newOrganization();
    const key = stage.keyServer.addKey(organization);
    const headers = { authorization: `Bearer ${key}` };
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stage.post(body, { ...headers, 'idempotency-key': `n${index}` }),
      ),
    );
    const keks = await stage.ground.query(
      'SELECT purpose, version FROM keks WHERE organization_id = $1 ORDER BY purpose',
      [organization],
    );
    assert.deepEqual(
      keks.map(({ purpose }) => purpose),
      ['card', 'fingerprint', 'idempotency'],
    );
  });
});

describe('a vault without a control plane', () => {
  it('fails closed when the server is away, or is somebody else', async () => {
    const impostor = await startKeyServer(stage.ground, 'payos-worker');
    const gone = await startKeyServer(stage.ground);
    await gone.close();
    for (const { port, addKey } of [impostor, gone]) {
      const other = await setStage({ PAYOS_INTERNAL_PORT: String(port) }, stage.ground);
      const headers = { authorization: `Bearer ${addKey(newOrganization())}` };
      const reply = await other.post({ type: 'card', card: goodCard }, headers);
      assert.equal(reply.status, 503);
      assert.equal(reply.json.code, 'unavailable');
      await other.close();
    }
    assert.equal(impostor.asked.length, 0);
    await impostor.close();
  });

  it('limits refused credentials per address, without shutting out a key it knows', async () => {
    const other = await setStage({ PAYOS_RATE_LIMIT_ADDRESS: '3' }, stage.ground);
    const good = { type: 'card', card: goodCard };
    assert.equal((await other.post(good)).status, 201);
    const guess = () => other.post({}, { authorization: `Bearer ${newApiKey()}` });
    const replies = await Promise.all(Array.from({ length: 12 }, guess));
    const limited = replies.filter(({ status }) => status === 429);
    assert.ok(limited.length >= 8, String(limited.length));
    assert.match(String(limited[0]?.headers['retry-after']), /^[1-9]/);
    assert.ok(other.keyServer.asked.length <= 13);
    assert.notEqual((await other.post(good)).status, 401);
    await other.close();
  });
});

describe('who tries out stolen numbers with the key of a page', () => {
  it('gets five a second from one address, and leaves the key to the others', async () => {
    const other = await setStage({ PAYOS_RATE_LIMIT_VISITOR: '5' }, stage.ground);
    const key = other.keyServer.addKey(newOrganization(), 'test', 50, { kind: 'publishable' });
    const body = { type: 'card', card: goodCard };
    const send = (authorization: string) => other.post(body, { authorization });
    const replies = await Promise.all(Array.from({ length: 200 }, () => send(`Bearer ${key}`)));
    const taken = replies.filter(({ status }) => status === 201);
    const limited = replies.filter(({ status }) => status === 429);
    assert.equal(taken.length + limited.length, 200);
    assert.ok(taken.length >= 5 && limited.length >= 100, `${taken.length} were taken`);
    assert.match(String(limited[0]?.headers['retry-after']), /^[1-9]/);
    // What was refused is not counted against the key: its 50 a second are there for others.
    assert.match(String(taken.at(-1)?.headers.ratelimit), /r=4\d/);
    const server = other.keyServer.addKey(newOrganization());
    const fromServer = await Promise.all(
      Array.from({ length: 20 }, () => send(`Bearer ${server}`)),
    );
    assert.ok(fromServer.every(({ status }) => status === 201));
    await other.close();
  });
});
