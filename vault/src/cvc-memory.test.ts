import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCvcMemory } from './cvc-memory.ts';
import { SealBroken } from './seal/key-provider.ts';

const owner = { organization: 'org_a', mode: 'test' } as const;
const minutes = 60_000;

describe('a security code in memory', () => {
  it('stays until it is burned, and is gone then', () => {
    const memory = createCvcMemory(() => 0);
    memory.put(owner, 'tok_a', '123');
    assert.equal(memory.read(owner, 'tok_a'), '123');
    assert.equal(memory.read(owner, 'tok_a'), '123');
    memory.burn('tok_a');
    assert.equal(memory.read(owner, 'tok_a'), undefined);
    assert.equal(memory.size, 0);
  });

  it('lives for 15 minutes', () => {
    let now = 0;
    const memory = createCvcMemory(() => now);
    memory.put(owner, 'tok_a', '123');
    now = 10 * minutes;
    memory.put(owner, 'tok_b', '456');
    now = 15 * minutes - 1;
    assert.equal(memory.has('tok_a'), true);
    now = 15 * minutes;
    assert.equal(memory.has('tok_a'), false);
    assert.equal(memory.read(owner, 'tok_a'), undefined);
    memory.sweep();
    assert.equal(memory.size, 1);
    assert.equal(memory.read(owner, 'tok_b'), '456');
  });

  it('is told to nobody else', () => {
    const memory = createCvcMemory(() => 0);
    memory.put(owner, 'tok_a', '123');
    for (const other of [{ organization: 'org_b' }, { mode: 'live' }] as const) {
      assert.throws(() => memory.read({ ...owner, ...other }, 'tok_a'), SealBroken);
    }
  });

  it('makes room for new ones', () => {
    const memory = createCvcMemory(() => 0);
    for (let count = 0; count <= 100_000; count += 1) memory.put(owner, `tok_${count}`, '123');
    assert.equal(memory.size, 100_000);
    assert.equal(memory.has('tok_0'), false);
    assert.equal(memory.has('tok_1'), true);
  });
});
