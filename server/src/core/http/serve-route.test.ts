import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemas } from 'payos-contract';
import Type from 'typebox';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { newId } from '../random.ts';
import { type AppOptions, buildApp } from './app.ts';
import { globalRoute } from './route.ts';

const use = {
  organization: newId('organization'),
  key: newId('apiKey'),
  permission: 'tokens:create',
  address: '4242:4242:4242:4242',
  user_agent: '²²³²²²²²¹¹¹¹¹¹¹³',
  requests: 4242424242424242,
  ago_ms: 4222.222222222,
};
const report = { node: 'vault-0123456789abcdef', cursor: null, uses: [use] };

test('what the vault has counted and heard of connections is not taken for cards', async () => {
  assert.equal((await post('internal', schemas.AskKeyChanges, report)).status, 200);
  // Where anybody asks, the same digits are refused.
  const spoken = await post('operator', schemas.AskKeyChanges, report);
  assert.equal(spoken.status, 422);
  assert.equal(spoken.body.param, 'uses.0.address');
  for (const name of ['requests', 'ago_ms', 'user_agent'] as const) {
    const { address: _, ...others } = use;
    const one = { ...others, address: '::1', requests: 1, ago_ms: 1, user_agent: 'x' };
    const uses = [{ ...one, [name]: use[name] }];
    const refused = await post('operator', schemas.AskKeyChanges, { ...report, uses });
    assert.equal(refused.body.param, `uses.0.${name}`);
  }
});

test('what people write is searched for cards, also when the vault says it', async () => {
  const schema = Type.Object({ reason: Type.Object({ text: Type.String() }, schemas.closed) });
  const body = { reason: { text: 'card 4242 4242 4242 4242' } };
  for (const surface of ['internal', 'operator'] as const) {
    const refused = await post(surface, Type.Object(schema.properties, schemas.closed), body);
    assert.equal(refused.body.code, 'card_data_refused');
    assert.equal(refused.body.param, 'reason.text');
  }
});

async function post(surface: 'internal' | 'operator', schema: Type.TObject, payload: object) {
  const app = buildApp({
    surface,
    routes: [
      globalRoute(surface, {
        method: 'POST',
        path: '/asked',
        permission: 'system',
        summary: 'Asked',
        tag: 'Internal',
        body: schema,
        response: { status: 200, schema: Type.Object({}) },
        handle: async () => ({}),
      }),
    ],
    authenticate: () => ({
      actor: { type: 'system', id: 'payos-vault' },
      scope: undefined,
      apiVersion: undefined,
      rate: undefined,
    }),
    log: createLog('silent', 'test'),
    metrics: createMetrics(),
  } as unknown as AppOptions);
  const answer = await app.inject({ method: 'POST', url: '/asked', payload });
  await app.close();
  return { status: answer.statusCode, body: answer.json() };
}
