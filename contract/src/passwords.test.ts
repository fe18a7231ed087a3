import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isMostlyPersonal,
  isObvious,
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

  it('is obvious when it is a walk over the keyboard or what everybody thinks of', () => {
    for (const password of [
      '1q2w3e4r5t6y7u8i9o',
      '1qaz2wsx3edc4rfv',
      'QwertyUiopAsdfg',
      'zaq12wsxcde34rfv',
      'correct horse battery staple',
      'This is my password!',
      'aaaaaaaaaaaaaaaaaaaa',
    ]) {
      assert.ok(isObvious(password, []), password);
    }
    for (const password of [
      'violet tractor hums gently 9',
      'h7!kd02-Vq9zP#xLm4',
      'feed three deer',
    ]) {
      assert.ok(!isObvious(password, []), password);
    }
  });
});
