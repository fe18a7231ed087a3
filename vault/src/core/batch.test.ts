import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createBatch } from './batch.ts';

type Trip = { items: readonly number[]; end: (answers: number[]) => void; fail: () => void };

function open(trips: number, patienceMs = 60_000) {
  const begun: Trip[] = [];
  const work = (items: readonly number[]) =>
    new Promise<number[]>((end, reject) => {
      begun.push({ items, end, fail: () => reject(new Error('lost')) });
    });
  return { ask: createBatch<number, number>({ most: 3, trips, patienceMs, work }), begun };
}

describe('a batch', () => {
  it('sends together what comes in one turn, or while all trips are under way', async () => {
    const { ask, begun } = open(2);
    const tripsOf = () => begun.map(({ items }) => items);
    const answers = [1, 2, 3, 4].map(ask);
    await setImmediate();
    assert.deepEqual(tripsOf(), [[1, 2, 3]]);
    await setImmediate();
    assert.deepEqual(tripsOf(), [[1, 2, 3], [4]]);
    answers.push(ask(5));
    await setImmediate();
    answers.push(ask(6));
    await setImmediate();
    assert.equal(begun.length, 2);
    begun[1]?.end([40]);
    await setImmediate();
    await setImmediate();
    assert.deepEqual(begun[2]?.items, [5, 6]);
    begun[2]?.end([50, 60]);
    begun[0]?.end([10, 20, 30]);
    assert.deepEqual(await Promise.all(answers), [10, 20, 30, 40, 50, 60]);
  });

  it('fails those that went together, and goes on', async () => {
    const { ask, begun } = open(1);
    const first = ask(1);
    await setImmediate();
    const second = ask(2);
    begun[0]?.fail();
    await assert.rejects(first, /lost/);
    await setImmediate();
    begun[1]?.end([20]);
    assert.equal(await second, 20);
  });

  it('does not wait for a trip that takes too long', async () => {
    const { ask, begun } = open(1, 20);
    const slow = ask(1);
    await setImmediate();
    const fast = ask(2);
    await setTimeout(60);
    begun[1]?.end([20]);
    assert.equal(await fast, 20);
    begun[0]?.end([10]);
    assert.equal(await slow, 10);
  });
});
