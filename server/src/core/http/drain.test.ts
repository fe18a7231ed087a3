import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { closeQuietConnections } from './drain.ts';

async function listening() {
  const app = Fastify({ forceCloseConnections: 'idle', keepAliveTimeout: 600_000 });
  app.get('/slow', async () => {
    await sleep(300);
    return { answered: true };
  });
  closeQuietConnections(app as never);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, port: (app.server.address() as AddressInfo).port };
}

it('closes connections that have asked nothing', { timeout: 10_000 }, async () => {
  const { app, port } = await listening();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  const closed = once(socket, 'close');
  await app.close();
  await closed;
});

it('lets a request that is under way have its answer', { timeout: 10_000 }, async () => {
  const { app, port } = await listening();
  const asking = request({ port, host: '127.0.0.1', path: '/slow' });
  asking.end();
  await once(app.server, 'request');
  const closing = app.close();
  const [answer] = await once(asking, 'response');
  assert.deepEqual(JSON.parse(String(await answer.toArray())), { answered: true });
  await closing;
});
