import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPermission, keyPermissions } from 'payos-contract';
import {
  dayOf,
  expiryOf,
  expiryOptions,
  latestEnd,
  usualExpiry,
} from '../src/features/api-keys/expiry.ts';
import { presetOf, presets } from '../src/features/api-keys/presets.ts';
import { readiness } from '../src/features/api-keys/readiness.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

describe('presets', () => {
  it('name permissions that a key may have, each of them something else', () => {
    for (const { name, permissions } of presets) {
      assert.ok(permissions.every(isPermission), name);
      assert.ok(
        permissions.every((one) => keyPermissions('test').includes(one)),
        name,
      );
    }
    const sets = presets.map(({ permissions }) => [...permissions].sort().join());
    assert.equal(new Set(sets).size, presets.length);
  });

  it('are known by their permissions, in whatever order', () => {
    for (const preset of presets) {
      assert.equal(presetOf([...preset.permissions].reverse()), preset);
      assert.notEqual(presetOf(preset.permissions.slice(1)), preset);
    }
    assert.equal(presetOf([]), undefined);
  });
});

describe('the end of a key', () => {
  const rules = (days: number | null) => ({ longest_expiry_days: days });
  const values = (days: number | null) =>
    expiryOptions(latestEnd(rules(days))).map(({ value }) => value);

  it('is offered within what the rules allow', () => {
    assert.deepEqual(values(null), ['30', '90', '180', '365', 'date', 'never']);
    assert.deepEqual(values(100), ['30', '90', 'date', 'latest']);
    assert.deepEqual(values(7), ['date', 'latest']);
    assert.equal(usualExpiry(latestEnd(rules(null))).choice, '90');
    assert.equal(usualExpiry(latestEnd(rules(30))).choice, 'latest');
  });

  it('counts from when the key was made', () => {
    const created = new Date(Date.now() - 80 * dayMs).toISOString();
    const options = expiryOptions(latestEnd(rules(100), created));
    assert.deepEqual(
      options.map(({ value }) => value),
      ['date', 'latest'],
    );
  });

  it('is sent as what was chosen', () => {
    const near = (text: string | null | undefined, ms: number) =>
      assert.ok(Math.abs(Date.parse(String(text)) - ms) < minuteMs, String(text));
    assert.equal(expiryOf({ choice: 'never', date: '' }), null);
    assert.equal(expiryOf({ choice: 'keep', date: '' }), undefined);
    near(expiryOf({ choice: '30', date: '' }), Date.now() + 30 * dayMs);
    const latest = Date.now() + 7 * dayMs;
    const last = expiryOf({ choice: 'latest', date: '' }, latest);
    assert.ok(Date.parse(String(last)) < latest, 'a little earlier: clocks differ');
    near(expiryOf({ choice: 'date', date: '2027-03-04' }), Date.parse('2027-03-04T23:59:59'));
    assert.equal(expiryOf({ choice: 'date', date: '' }), undefined);
    assert.equal(dayOf(Date.parse('2027-03-04T23:59:59')), '2027-03-04');
  });
});

describe('the old key of a rotation', () => {
  const rotated = Date.parse('2026-11-20T10:00:00Z');
  const at = (ms: number) => new Date(rotated + ms).toISOString();
  const usage = (last: number | undefined) => ({
    last_used_at: last === undefined ? null : at(last),
    uses:
      last === undefined
        ? []
        : [
            {
              address: '203.0.113.7',
              user_agent: 'shop/1',
              requests: 2,
              first_used_at: at(last),
              last_used_at: at(last),
            },
          ],
  });
  const stateOf = (last: number | undefined, now: number) =>
    readiness(usage(last), rotated, rotated + now).state;

  it('is not called safe to end before anybody could have used it', () => {
    assert.equal(stateOf(undefined, minuteMs), 'waiting');
    assert.equal(stateOf(-hourMs, minuteMs), 'waiting');
    assert.equal(stateOf(minuteMs, 2 * minuteMs), 'waiting');
  });

  it('is safe to end when nobody used it once the programs had the new one', () => {
    assert.equal(stateOf(undefined, 6 * minuteMs), 'safe');
    assert.equal(stateOf(-hourMs, 6 * minuteMs), 'safe');
    assert.equal(stateOf(4 * minuteMs, hourMs), 'safe');
  });

  it('is used until more than a day has passed without', () => {
    assert.equal(stateOf(6 * minuteMs, 7 * minuteMs), 'used');
    assert.equal(stateOf(2 * hourMs, dayMs), 'used');
    assert.equal(stateOf(2 * hourMs, 2 * hourMs + 24 * hourMs), 'used', 'daily jobs');
    assert.equal(stateOf(2 * hourMs, 2 * hourMs + 26 * hourMs), 'safe');
    assert.equal(readiness(usage(hourMs), rotated, rotated + dayMs).users.length, 1);
    assert.equal(readiness(usage(-hourMs), rotated, rotated + dayMs).users.length, 0);
  });
});
