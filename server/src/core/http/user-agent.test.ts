import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userAgentOf } from './user-agent.ts';

const stored = (said: string) => userAgentOf({ headers: { 'user-agent': said } });

test('what a client says of itself is stored without card numbers and keys', () => {
  assert.equal(stored('curl/8.5.0'), 'curl/8.5.0');
  assert.equal(stored('x'.repeat(1000))?.length, 300);
  assert.equal(userAgentOf({ headers: {} }), undefined);
  for (const said of ['shop 4242 4242 4242 4242', 'payos_sk_test_abc', 'card4242424242424242']) {
    assert.equal(stored(said), '[not recorded]', said);
  }
});
