import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock } from './clock.ts';
import { RateLimiter } from './rate-limit.ts';

/** Runs with a clock that the test moves. */
function withClock(work: (move: (ms: number) => void) => void): void {
  const real = clock.monotonicMs;
  let now = 1_000_000;
  clock.monotonicMs = () => now;
  try {
    work((ms) => {
      now += ms;
    });
  } finally {
    clock.monotonicMs = real;
  }
}

describe('a rate limit', () => {
  it('lets a second`s worth through at once, then the rate', () => {
    withClock((move) => {
      const limiter = new RateLimiter();
      const allowed = () => limiter.take('a', 10).allowed;
      assert.deepEqual(Array.from({ length: 12 }, allowed).filter(Boolean).length, 10);
      move(100);
      assert.equal(allowed(), true);
      assert.equal(allowed(), false);
    });
  });

  it('never lets more than burst + rate × time through, however it is asked', () => {
    withClock((move) => {
      const limiter = new RateLimiter();
      let allowed = 0;
      let elapsedMs = 0;
      for (let step = 0; step < 5_000; step += 1) {
        const waitMs = (step * 7919) % 13;
        move(waitMs);
        elapsedMs += waitMs;
        if (limiter.take('a', 50).allowed) allowed += 1;
        assert.ok(allowed <= 50 + (50 * elapsedMs) / 1000 + 1, `${allowed} after ${elapsedMs} ms`);
      }
      assert.ok(allowed >= (50 * elapsedMs) / 1000 - 1, 'and not less than the rate either');
    });
  });

  it('says how many are left and when to come back', () => {
    withClock(() => {
      const limiter = new RateLimiter();
      assert.equal(limiter.take('a', 2).remaining, 1);
      assert.equal(limiter.take('a', 2).remaining, 0);
      const refused = limiter.take('a', 2);
      assert.deepEqual([refused.allowed, refused.resetSeconds], [false, 1]);
    });
  });

  it('may count in minutes: a burst of one, then a step every few seconds', () => {
    withClock((move) => {
      const limiter = new RateLimiter();
      const take = () => limiter.take('a', 20, 60_000);
      const first = Array.from({ length: 25 }, take);
      assert.equal(first.filter((verdict) => verdict.allowed).length, 20);
      assert.equal(first.at(-1)?.resetSeconds, 3);
      move(2_999);
      assert.equal(take().allowed, false);
      move(1);
      assert.deepEqual([take().allowed, take().allowed], [true, false]);
    });
  });

  it('keeps names apart, and peeking does not count', () => {
    withClock(() => {
      const limiter = new RateLimiter();
      for (let count = 0; count < 5; count += 1) limiter.peek('a', 1);
      assert.equal(limiter.take('a', 1).allowed, true);
      assert.equal(limiter.take('a', 1).allowed, false);
      assert.equal(limiter.take('b', 1).allowed, true);
    });
  });
});
