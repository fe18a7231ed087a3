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
  it('sends what comes while all trips are under way together', async () => {
    const { ask, begun } = open(2);
    const answers = [1, 2, 3, 4, 5, 6].map(ask);
    assert.deepEqual(
      begun.map(({ items }) => items),
      [[1], [2]],
    );
    begun[1]?.end([20]);
    await setImmediate();
    assert.deepEqual(begun[2]?.items, [3, 4, 5]);
    begun[2]?.end([30, 40, 50]);
    await setImmediate();
    begun[3]?.end([60]);
    begun[0]?.end([10]);
    assert.deepEqual(await Promise.all(answers), [10, 20, 30, 40, 50, 60]);
  });

  it('fails those that went together, and goes on', async () => {
    const { ask, begun } = open(1);
    const [first, second] = [ask(1), ask(2)];
    begun[0]?.fail();
    await assert.rejects(first ?? Promise.resolve(), /lost/);
    begun[1]?.end([20]);
    assert.equal(await second, 20);
  });

  it('does not wait for a trip that takes too long', async () => {
    const { ask, begun } = open(1, 20);
    const [slow, fast] = [ask(1), ask(2)];
    await setTimeout(60);
    begun[1]?.end([20]);
    assert.equal(await fast, 20);
    begun[0]?.end([10]);
    assert.equal(await slow, 10);
  });
});
