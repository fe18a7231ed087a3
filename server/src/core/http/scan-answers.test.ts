import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import Fastify from 'fastify';
import type { CardDataFound } from '../card-data.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { AppOptions } from './app.ts';
import { scanAnswers } from './scan-answers.ts';

test('a card number is taken out of the answer of a route, and counted', async () => {
  const metrics = createMetrics();
  const app = Fastify();
  scanAnswers(app, { log: createLog('silent', 'test'), metrics } as AppOptions);
  const config = { permission: 'payments:read' } as const;
  const body = { number: 4242424242424242, text: 'it is 5555 5555 5555 4444', id: 'pay_x' };
  app.get('/route', { config }, async () => body);
  app.get('/page', async () => body);
  assert.deepEqual((await app.inject('/route')).json(), {
    number: 0,
    text: 'it is 0',
    id: 'pay_x',
  });
  // Pages are documents of ours, where published test numbers stand.
  assert.deepEqual((await app.inject('/page')).json(), body);
  assert.match(await metrics.registry.metrics(), /card_data_found_total\{stream="answer"\} 2/);
  await app.close();
});

test('only what came past the guard, in an answer to a merchant, is an incident', async () => {
  const told: CardDataFound[] = [];
  const app = Fastify();
  app.decorateRequest('identity', null);
  scanAnswers(
    app as never,
    {
      log: createLog('silent', 'test'),
      metrics: createMetrics(),
      onCardData: (found: CardDataFound) => void told.push(found),
    } as unknown as AppOptions,
  );
  const config = { permission: 'payments:read' } as const;
  const scope = { organization: 'org_1', mode: 'live' } as const;
  const cases = [
    ['/v1/payments/a', 'api_key', 200, '4242424242424242', true],
    ['/v1/customers/a', 'member', 200, '4242 4242 4242 4242', true],
    // A page, a visitor, or nobody in particular.
    ['/v1/payments/b', 'checkout_session', 200, '4242424242424242', false],
    ['/v1/payments/c', 'anonymous', 200, '4242424242424242', false],
    // What a refusal says, and what partners answered.
    ['/v1/payments/d', 'api_key', 400, '4242424242424242', false],
    ['/v1/forwards/a', 'api_key', 200, '4242424242424242', false],
    ['/v1/events', 'api_key', 200, '4242424242424242', false],
    // The numbers of an article and of a telephone, which may be sent in.
    ['/v1/customers/b', 'api_key', 200, '4006381333023', false],
  ] as const;
  for (const [path, type, status, text] of cases) {
    const onRequest = async (request: { identity: unknown }) => {
      request.identity = { actor: { type, id: 'x' }, scope };
    };
    app.get(path, { config, onRequest: onRequest as never }, async (_request, reply) => {
      return reply.code(status).send({ text });
    });
  }
  for (const [path] of cases) await app.inject(path);
  assert.deepEqual(
    told.map(({ place, isIncident }) => [place, isIncident]),
    cases.map(([path, , , , isIncident]) => [`GET ${path}`, isIncident]),
  );
  assert.deepEqual(told[0]?.scope, scope);
  assert.ok(!JSON.stringify(told).includes('4242'));
  await app.close();
});

test('a card number is taken out of the log, and told of; last words say nothing of values', () => {
  const code = `
    import { createLog } from './server/src/core/log.ts';
    import { guardLastWords } from './server/src/core/http/start-up.ts';
    guardLastWords();
    const log = createLog('info', 'x', (stream, count) => log.info({ told: stream + count }));
    log.info({ reason: '4242424242424242' }, 'paid by 5555 5555 5555 4444');
    process.emitWarning('371449635398431');
    setTimeout(() => { throw new Error('371449635398431'); }, 150);`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code];
  const cwd = `${import.meta.dirname}/../../../..`;
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { cwd, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^Warning: Warning.*\nPayOS stopped by an unexpected error: Error/s);
  assert.doesNotMatch(stdout + stderr, /4242|5555|3714/);
  assert.match(stdout, /"told":"log2"/);
  assert.match(stdout, /"stream":"log","count":2,"msg":"card data was found and removed"/);
});
