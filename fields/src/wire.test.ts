import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  readFromController,
  readFromField,
  readHello,
  readToController,
  readToField,
} from './wire.ts';

const readers = [readHello, readToField, readFromField, readToController, readFromController];

describe('messages between page and frames', () => {
  it('of other forms are none', () => {
    const junk = [undefined, null, 0, '', 'hello', [], {}, { type: 'value' }, { payos: 'hello' }];
    for (const data of junk) for (const read of readers) assert.equal(read(data), undefined);
    const nonce = 'a';
    assert.equal(readHello({ payos: 'refused', nonce }), undefined);
    assert.equal(readHello({ payos: 'join', nonce }), undefined);
    assert.equal(readToField({ type: 'collect', id: 1 }), undefined);
    assert.equal(readToField({ type: 'set', setup: 'x' }), undefined);
    assert.equal(readToController({ type: 'tokenize', id: 1, name: {} }), undefined);
    assert.equal(readFromField({ type: 'size', height: 1e9 }), undefined);
    const change = { type: 'change', complete: true, empty: false, brand: 'visa' };
    assert.equal(readFromField({ ...change, brand: 'constructor' }), undefined);
    assert.equal(readFromField({ ...change, error: { code: 1, message: '' } }), undefined);
    const error = { code: 'a', message: 'b' };
    assert.equal(readFromController({ type: 'result', id: 1 }), undefined);
    assert.equal(
      readFromController({ type: 'result', id: 1, token: { id: 'a' }, error }),
      undefined,
    );
  });

  it('carry nothing beside what they are for', () => {
    const more = { number: '4242', value: '4242' };
    const change = { type: 'change', complete: true, empty: false, brand: 'visa' };
    assert.deepEqual(readFromField({ ...change, ...more }), { ...change, error: undefined });
    assert.deepEqual(readFromField({ type: 'focus', ...more }), { type: 'focus' });
    assert.deepEqual(readFromField({ type: 'size', height: 3, ...more }), {
      type: 'size',
      height: 3,
    });
  });
});
