import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { Pool } from 'undici';
import { exchange, VaultSilent } from './exchange.ts';

let end: () => Promise<unknown> = async () => undefined;
afterEach(() => end());

/** A server in the vault's place, and one connection to it. */
async function open(listener: RequestListener): Promise<{ server: Server; pool: Pool }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 });
  end = async () => {
    await pool.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { server, pool };
}

const ask = (pool: Pool, path = '/', timeoutMs = 10_000) =>
  exchange(pool, {
    method: 'POST',
    path,
    headers: {},
    body: JSON.stringify({ a: 1 }),
    requestId: 'req_1',
    timeoutMs,
  });
const silent = (sent: boolean) => (error: unknown) =>
  error instanceof VaultSilent && error.sent === sent;

describe('an exchange with the vault', () => {
  it('hands on what was asked, and the answer', async () => {
    const { pool } = await open(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const id = headers['payos-request-id'];
      const type = headers['content-type'];
      const body = Buffer.concat(chunks).toString();
      response.writeHead(409).end(JSON.stringify({ method, url, id, type, body }));
    });
    const { status, text } = await ask(pool, '/internal/forward');
    assert.equal(status, 409);
    assert.deepEqual(JSON.parse(text), {
      method: 'POST',
      url: '/internal/forward',
      id: 'req_1',
      type: 'application/json',
      body: '{"a":1}',
    });
  });

  it('was not sent when nobody listens', async () => {
    const { server, pool } = await open(() => {});
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(ask(pool), silent(false));
  });

  it('may have been sent when it breaks off, takes too long, or brings too much', async () => {
    const { pool } = await open((request, response) => {
      if (request.url === '/drop') request.socket.destroy();
      if (request.url === '/flood') response.end(Buffer.alloc(300 * 1024));
    });
    await assert.rejects(ask(pool, '/drop'), silent(true));
    await assert.rejects(ask(pool, '/silence', 100), silent(true));
    await assert.rejects(ask(pool, '/flood'), silent(true));
  });

  it('does not leave after it was given up while it waited for a connection', async () => {
    const seen: (string | undefined)[] = [];
    const held = Promise.withResolvers<void>();
    const { pool } = await open((request, response) => {
      seen.push(request.url);
      if (request.url === '/first') void held.promise.then(() => response.end('{}'));
      else response.end('{}');
    });
    const first = ask(pool, '/first');
    await assert.rejects(ask(pool, '/given-up', 50), silent(false));
    const last = ask(pool, '/last');
    held.resolve();
    await Promise.all([first, last]);
    assert.deepEqual(seen, ['/first', '/last']);
  });
});
