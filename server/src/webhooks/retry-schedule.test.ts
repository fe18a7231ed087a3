import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retryDelayMs, retryWaitsMs } from './retry-schedule.ts';

const nowMs = Date.UTC(2026, 10, 23);
const ask = (
  attempts: number,
  more: { retryAfter?: string; random?: number; scale?: number } = {},
) => retryDelayMs({ attempts, retryAfter: undefined, random: 0.5, scale: 1, nowMs, ...more });

describe('the retry schedule', () => {
  it('is that of Standard Webhooks: ten attempts over 75.6 hours', () => {
    const seconds = retryWaitsMs.map((wait) => wait / 1000);
    assert.deepEqual(seconds, [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]);
    assert.equal(Math.round(seconds.reduce((sum, wait) => sum + wait) / 360), 756);
    assert.equal(ask(9), 86_400_000);
    assert.equal(ask(10), undefined);
    assert.equal(ask(11), undefined);
  });

  it('varies by a fifth both ways', () => {
    assert.equal(ask(2, { random: 0 }), 240_000);
    assert.equal(ask(2, { random: 1 }), 360_000);
  });

  it('can be shortened as a whole', () => assert.equal(ask(4, { scale: 0.001 }), 7_200));

  it('takes Retry-After within once and twice the wait', () => {
    assert.equal(ask(2, { retryAfter: '0' }), 300_000);
    assert.equal(ask(2, { retryAfter: '400', random: 0 }), 400_000);
    assert.equal(ask(2, { retryAfter: '999999' }), 600_000);
    assert.equal(
      ask(2, { retryAfter: new Date(nowMs + 400_000).toUTCString(), random: 0 }),
      400_000,
    );
    assert.equal(ask(2, { retryAfter: new Date(nowMs - 400_000).toUTCString() }), 300_000);
  });

  it('does not mind a Retry-After that is none', () => {
    for (const retryAfter of ['', '-5', '1e9', 'soon', '5 s', 'GMT', '99999999999999']) {
      assert.equal(ask(2, { retryAfter }), 300_000, retryAfter);
    }
  });
});
