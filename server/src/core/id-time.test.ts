import assert from 'node:assert/strict';
import { it } from 'node:test';
import { clock } from './clock.ts';
import { ApiError } from './errors.ts';
import { idBounds, idTimeMs } from './id-time.ts';
import { newId } from './random.ts';

it('an id tells when it was made', () => {
  const before = clock.nowMs();
  const time = idTimeMs(newId('request'));
  assert.ok(time >= before && time <= clock.nowMs());
});

it('bounds hold the ids of a span, with five minutes to spare', () => {
  const now = clock.nowMs();
  const id = newId('payment');
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const holds = (from: number, to: number) => {
    const bounds = { created_after: at(from), created_before: at(to) };
    const { above = '', below = '' } = idBounds('payment', bounds);
    return above < id && id < below;
  };
  assert.ok(holds(-1, 1));
  assert.ok(holds(4, 10));
  assert.ok(holds(-10, -4));
  assert.ok(!holds(6, 10));
  assert.ok(!holds(-10, -6));
  assert.deepEqual(idBounds('payment', {}), {});
});

it('a span must begin before it ends', () => {
  const created_after = '2026-11-23T10:00:00Z';
  assert.throws(
    () => idBounds('event', { created_after, created_before: created_after }),
    ApiError,
  );
});

it('a leap second is a time like another, and bounds a span like the second after it', () => {
  const leap = idBounds('payment', { created_before: '2026-12-31T23:59:60Z' });
  assert.deepEqual(leap, idBounds('payment', { created_before: '2027-01-01T00:00:00Z' }));
});
