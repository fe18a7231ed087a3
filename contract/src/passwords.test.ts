import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isMostlyPersonal,
  normalizePassword,
  passwordLengthFlaw,
  personalWords,
} from './passwords.ts';

describe('a password', () => {
  it('is counted in code points, after normalizing', () => {
    assert.equal(passwordLengthFlaw('x'.repeat(14)), 'too_short');
    assert.equal(passwordLengthFlaw('x'.repeat(15)), undefined);
    assert.equal(passwordLengthFlaw('💳'.repeat(14)), 'too_short');
    assert.equal(passwordLengthFlaw('e\u0301'.repeat(14)), 'too_short');
    assert.equal(passwordLengthFlaw('💳'.repeat(128)), undefined);
    assert.equal(passwordLengthFlaw('💳'.repeat(129)), 'too_long');
  });

  it('is the same from every keyboard', () => {
    assert.equal(normalizePassword('cafe\u0301\u00a0noir'), 'caf\u00e9 noir');
    assert.notEqual(normalizePassword('² and ½'), normalizePassword('2 and 1/2'));
  });

  it('is compared with the words that belong to its person', () => {
    const words = personalWords(['Ada.Lovelace@Shop.example', 'Ada Lovelace', undefined]);
    for (const word of ['payos', 'ada', 'lovelace', 'ada lovelace', 'shop']) {
      assert.ok(words.includes(word), word);
    }
    for (const password of ['PayOS payos PayOS', 'AdaLovelace-adalovelace1']) {
      assert.equal(isMostlyPersonal(password, words), true, password);
    }
    for (const password of ['ada has seven purple otters', '!)(*&^%$#@!~:;?><']) {
      assert.equal(isMostlyPersonal(password, words), false, password);
    }
  });
});
