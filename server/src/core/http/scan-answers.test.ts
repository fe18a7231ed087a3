import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import Fastify from 'fastify';
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
