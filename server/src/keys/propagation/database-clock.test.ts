import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { clock } from '../../core/clock.ts';
import { DatabaseClock } from './database-clock.ts';
import { Freshness, moment } from './freshness.ts';

afterEach(() => mock.restoreAll());

describe('the clock of the database', () => {
  it('is known whatever ours says, never too early, and the better the faster it answers', () => {
    let nowMs = 50;
    mock.method(clock, 'monotonicMs', () => nowMs);
    const skew = 1_000_000;
    const known = new DatabaseClock();
    const ask = (tookMs: number) => {
      const sentMs = nowMs;
      nowMs += tookMs;
      known.note(skew + sentMs + tookMs / 2, sentMs);
    };
    ask(40);
    assert.equal(known.nowMs() - (skew + nowMs), 20);
    ask(2);
    assert.equal(known.nowMs() - (skew + nowMs), 1);
    ask(100);
    assert.equal(known.nowMs() - (skew + nowMs), 1);
  });

  it('is followed when it is set', () => {
    let nowMs = 50;
    mock.method(clock, 'monotonicMs', () => nowMs);
    const known = new DatabaseClock();
    for (const skew of [0, 3_600_000, -3_600_000]) {
      const sentMs = nowMs;
      nowMs += 4;
      known.note(skew + sentMs + 2, sentMs);
      assert.equal(known.nowMs() - (skew + nowMs), 2);
    }
  });
});

describe('what is known of changes', () => {
  it('is as old as either clock says: one stands still while the machine sleeps', () => {
    const at = { mono: 1_000, wall: 5_000 };
    mock.method(clock, 'monotonicMs', () => at.mono);
    mock.method(clock, 'nowMs', () => at.wall);
    const freshness = new Freshness();
    assert.equal(freshness.ageMs(), Number.POSITIVE_INFINITY);
    freshness.renew(moment());
    at.mono += 300;
    at.wall += 300;
    assert.equal(freshness.ageMs(), 300);
    at.wall += 60_000;
    assert.equal(freshness.ageMs(), 60_300);
    at.wall -= 120_000;
    assert.ok(freshness.ageMs() > 59_000);
  });
});
