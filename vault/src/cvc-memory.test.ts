import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCvcMemory } from './cvc-memory.ts';

const owner = { organization: 'org_a', mode: 'test' } as const;
const others = [
  { ...owner, organization: 'org_b' },
  { ...owner, mode: 'live' },
] as const;
const minutes = 60_000;

describe('a security code in memory', () => {
  it('stays until it is burned, and is gone then', () => {
    const memory = createCvcMemory(() => 0);
    memory.put(owner, 'tok_a', '123', null);
    assert.equal(memory.read(owner, 'tok_a'), '123');
    assert.equal(memory.read(owner, 'tok_a'), '123');
    memory.burn(owner, 'tok_a');
    assert.equal(memory.read(owner, 'tok_a'), undefined);
    assert.equal(memory.size, 0);
  });

  it('lives for 15 minutes', () => {
    let now = 0;
    const memory = createCvcMemory(() => now);
    memory.put(owner, 'tok_a', '123', null);
    now = 10 * minutes;
    memory.put(owner, 'tok_b', '456', null);
    now = 15 * minutes - 1;
    assert.equal(memory.isFree(owner, 'tok_a', null), true);
    now = 15 * minutes;
    assert.equal(memory.isFree(owner, 'tok_a', null), false);
    assert.equal(memory.read(owner, 'tok_a'), undefined);
    assert.equal(memory.claim(owner, 'tok_a', 'att_1', null), undefined);
    memory.sweep();
    assert.equal(memory.size, 1);
    assert.equal(memory.read(owner, 'tok_b'), '456');
    memory.put(owner, 'tok_c', '789', null, minutes);
    now = 16 * minutes;
    assert.equal(memory.read(owner, 'tok_c'), undefined, 'no longer than its token');
    memory.sweep();
    assert.equal(memory.size, 1);
    now = 25 * minutes;
    memory.sweep();
    assert.equal(memory.size, 0);
  });

  it('is told to nobody else, and burned by nobody else', () => {
    const memory = createCvcMemory(() => 0);
    memory.put(owner, 'tok_a', '123', null);
    for (const other of others) {
      assert.equal(memory.read(other, 'tok_a'), undefined);
      assert.equal(memory.claim(other, 'tok_a', 'att_1', null), undefined);
      assert.equal(memory.isFree(other, 'tok_a', null), false);
      memory.burn(other, 'tok_a');
    }
    assert.equal(memory.read(owner, 'tok_a'), '123');
  });

  it('goes to one attempt, and to another once that has sent nothing', () => {
    const memory = createCvcMemory(() => 0);
    memory.put(owner, 'cvc_a', '123', null);
    assert.equal(memory.claim(owner, 'cvc_a', 'att_1', null), '123');
    assert.equal(memory.claim(owner, 'cvc_a', 'att_1', null), '123');
    assert.equal(memory.claim(owner, 'cvc_a', 'att_2', null), undefined);
    assert.equal(memory.isFree(owner, 'cvc_a', null), false);
    memory.release(owner, 'cvc_a', 'att_2');
    assert.equal(memory.claim(owner, 'cvc_a', 'att_2', null), undefined);
    memory.release(owner, 'cvc_a', 'att_1');
    assert.equal(memory.claim(owner, 'cvc_a', 'att_2', null), '123');
  });

  it('is for the session on whose page it was typed, or for none', () => {
    const memory = createCvcMemory(() => 0);
    const sessions = [null, 'cs_a', 'cs_b'];
    for (const made of sessions) {
      memory.put(owner, 'cvc_a', '123', made);
      for (const paid of sessions) {
        assert.equal(memory.isFree(owner, 'cvc_a', paid), made === paid);
        const code = memory.claim(owner, 'cvc_a', `att_${paid}`, paid);
        assert.equal(code, made === paid ? '123' : undefined);
        memory.release(owner, 'cvc_a', `att_${paid}`);
      }
    }
  });

  it('makes room for new ones of the same owner only', () => {
    const memory = createCvcMemory(() => 0);
    const [other] = others;
    memory.put(other, 'tok_other', '456', null);
    for (let count = 0; count <= 25_000; count += 1) memory.put(owner, `tok_${count}`, '123', null);
    assert.equal(memory.size, 25_001);
    assert.equal(memory.read(owner, 'tok_0'), undefined);
    assert.equal(memory.read(owner, 'tok_1'), '123');
    assert.equal(memory.read(other, 'tok_other'), '456');
  });
});
