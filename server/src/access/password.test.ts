import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash, parseOptions } from '@node-rs/argon2';
import { createMetrics } from '../core/metrics.ts';
import { isOutdated, Passwords } from './password.ts';

const metrics = createMetrics();
const passwords = new Passwords(metrics);
const checks = async () => (await metrics.passwordChecks.get()).values[0]?.value ?? 0;

describe('a password', () => {
  it('is hashed with argon2id, at what ASVS asks for and with a salt of its own', async () => {
    const [one, other] = [await passwords.hash('same'), await passwords.hash('same')];
    const { memoryCost, timeCost, parallelism } = parseOptions(one);
    assert.match(one, /^\$argon2id\$v=19\$/);
    assert.ok(memoryCost >= 47_104 && timeCost >= 1 && parallelism >= 1);
    assert.notEqual(one, other);
    assert.equal(await passwords.check(one, 'same'), true);
    assert.equal(await passwords.check(one, 'Same'), false);
  });

  it('is the same however a keyboard composes it', async () => {
    const stored = await passwords.hash('caf\u00e9 noir');
    assert.equal(await passwords.check(stored, 'cafe\u0301\u00a0noir'), true);
  });

  it('costs the same check where there is nobody to compare with, and is never right', async () => {
    const before = await checks();
    assert.equal(await passwords.check(undefined, ''), false);
    assert.equal((await checks()) - before, 1);
  });

  it('hashed for less is outdated', async () => {
    const cheap = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
    assert.equal(isOutdated(await hash('x', cheap)), true);
    assert.equal(isOutdated(await passwords.hash('x')), false);
  });
});
