import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { Batch } from './batch.ts';

type Trip = {
  items: readonly number[];
  resolve: (answers: number[]) => void;
  reject: (error: Error) => void;
};

function open(most = 3, patienceMs = 10_000): { batch: Batch<number, number>; trips: Trip[] } {
  const trips: Trip[] = [];
  const work = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => trips.push({ items, resolve, reject }));
  return { batch: new Batch({ most, patienceMs, work }), trips };
}

const twice = (trip: Trip | undefined) => trip?.resolve(trip.items.map((item) => item * 2));

describe('Batch', () => {
  it('lets the first go alone, and those that come meanwhile together', async () => {
    const { batch, trips } = open();
    const answers = [1, 2, 3, 4, 5].map((item) => batch.ask(item));
    assert.deepEqual(
      trips.map(({ items }) => items),
      [[1]],
    );
    twice(trips[0]);
    await setImmediate();
    assert.deepEqual(trips[1]?.items, [2, 3, 4]);
    twice(trips[1]);
    await setImmediate();
    twice(trips[2]);
    assert.deepEqual(await Promise.all(answers), [2, 4, 6, 8, 10]);
  });

  it('fails those of one trip only', async () => {
    const { batch, trips } = open();
    const first = batch.ask(1);
    const second = batch.ask(2);
    trips[0]?.reject(new Error('lost'));
    await assert.rejects(first, /lost/);
    twice(trips[1]);
    assert.equal(await second, 4);
  });

  it('does not wait for a trip that takes too long', async () => {
    const { batch, trips } = open(3, 20);
    const slow = batch.ask(1);
    const fast = batch.ask(2);
    await sleep(60);
    twice(trips[1]);
    assert.equal(await fast, 4);
    twice(trips[0]);
    assert.equal(await slow, 2);
  });

  it('refuses answers that are missing', async () => {
    const { batch, trips } = open();
    const asked = batch.ask(1);
    trips[0]?.resolve([]);
    await assert.rejects(asked, /not answered/);
  });
});
