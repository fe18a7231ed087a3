import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKekNames } from './kek-names.ts';
import type { KekName } from './record.ts';

describe('which keys are in use', () => {
  it('is not what was being looked up when it was forgotten', async () => {
    const [former, active] = [[{ id: 'a', version: 1 }], [{ id: 'b', version: 2 }]];
    let now = 0;
    const names = createKekNames(() => now);
    await names.get('what', async () => former);
    now = 1_500;
    const slow = Promise.withResolvers<KekName[]>();
    await names.get('what', () => slow.promise);
    names.forget('what');
    assert.equal(await names.get('what', async () => active), active);
    slow.resolve(former);
    await slow.promise;
    assert.equal(await names.get('what', async () => active), active);
  });
});
