import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turns } from './turns.ts';

/** Work that ends when it is told to. */
function controlled() {
  const gates: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => gates.push(resolve));
  return { gates, work };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('costly work', () => {
  it('runs a few at a time, in the order it came', async () => {
    const turns = new Turns(2, 10);
    const { gates, work } = controlled();
    const order: number[] = [];
    const all = [0, 1, 2, 3].map((index) => turns.run(work).then(() => order.push(index)));
    for (let ended = 0; ended < 4; ended += 1) {
      await settle();
      assert.equal(gates.length, Math.min(4, 2 + ended));
      gates[ended]?.();
    }
    await Promise.all(all);
    assert.deepEqual(order, [0, 1, 2, 3]);
  });

  it('is refused when the line is full, and taken again when it is not', async () => {
    const turns = new Turns(1, 1);
    const { gates, work } = controlled();
    const [first, second] = [turns.run(work), turns.run(work)];
    await assert.rejects(turns.run(work), { code: 'unavailable' });
    gates[0]?.();
    await first;
    await settle();
    gates[1]?.();
    await second;
    assert.equal(await turns.run(async () => 7), 7);
  });

  it('is refused where places are taken for later, until they are left', async () => {
    const turns = new Turns(1, 1);
    const [one, two] = [turns.reserve(), turns.reserve()];
    await assert.rejects(
      turns.run(async () => 7),
      { code: 'unavailable' },
    );
    assert.equal(await two.run(async () => 1), 1);
    two.leave();
    one.leave();
    const { gates, work } = controlled();
    const both = [turns.run(work), turns.run(work)];
    await assert.rejects(turns.run(work), { code: 'unavailable' });
    for (const _ of both) {
      await settle();
      gates.shift()?.();
    }
    await Promise.all(both);
  });

  it('gives its turn back when it fails', async () => {
    const turns = new Turns(1, 0);
    await assert.rejects(
      turns.run(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await turns.run(async () => 7), 7);
  });
});
