import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { createLog } from '../core/log.ts';
import { createMetrics } from '../core/metrics.ts';
import { VaultClient } from './vault-client.ts';

const metrics = createMetrics();
const state = { contextStatus: 200, status: 200, body: {} as object };
const server = createServer((request, response) => {
  const isContext = request.url === '/internal/context';
  if (!isContext && state.status === 0) return void request.socket.destroy();
  response.writeHead(isContext ? state.contextStatus : state.status);
  response.end(JSON.stringify(isContext ? { audience: `vault-${'0'.repeat(16)}` } : state.body));
});
let url = '';
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const newClient = () =>
  new VaultClient({
    ...{ url, cert: '', key: '', ca: '', metrics, sign: () => 'signed' },
    log: createLog('silent', 'server', () => {}),
  });
const scope = { organization: `org_${'1'.repeat(22)}`, mode: 'test' } as const;
const ask = (client: VaultClient) =>
  client.shred(scope, `tok_${'1'.repeat(22)}`).catch((error) => error.code);
const shown = async (name: string) =>
  (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));

it('counts what became of each question to the vault, and says how the last one went', async () => {
  const client = newClient();
  assert.deepEqual(await shown('payos_vault_reachable'), [], 'nobody has asked yet');
  for (const [status, body, reachable, remark] of [
    [200, { done: true, token: `tok_${'1'.repeat(22)}` }, 1, undefined],
    [404, { code: 'not_found' }, 1, undefined],
    [503, { code: 'unavailable' }, 0, 'vault: unavailable'],
    [403, { code: 'context_refused' }, 0, 'vault: refused'],
    [500, { code: 'internal_error' }, 0, 'vault: failed'],
    [0, {}, 0, 'vault: silent'],
    [403, { code: 'live_mode_unavailable' }, 1, undefined],
  ] as const) {
    Object.assign(state, { status, body });
    await ask(client);
    const about = `${status} ${JSON.stringify(body)}`;
    assert.equal(client.remark(), remark, about);
    assert.deepEqual(await shown('payos_vault_reachable'), [`payos_vault_reachable ${reachable}`]);
  }
  const counts = await shown('payos_vault_questions_total');
  const expected = { answered: 3, unavailable: 1, refused: 2, failed: 1, silent: 2 };
  // What was not answered, or was refused, is asked once more.
  for (const [outcome, count] of Object.entries(expected)) {
    assert.ok(
      counts.includes(`payos_vault_questions_total{outcome="${outcome}"} ${count}`),
      outcome,
    );
  }
  await client.close();
});

it('tells a vault that cannot serve from one that is away, before it knows its name', async () => {
  const client = newClient();
  state.contextStatus = 503;
  assert.equal(await ask(client), 'vault_unavailable');
  assert.equal(client.remark(), 'vault: unavailable');
  state.contextStatus = 404;
  assert.equal(await ask(client), 'vault_unavailable');
  assert.equal(client.remark(), 'vault: silent');
  await client.close();
});
