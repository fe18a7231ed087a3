import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { passwordAdvice } from 'payos-contract';
import { isBreached } from './breached-passwords.ts';
import { loadPasswordRules } from './password-rules.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'payos-breached-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

/** A list as Have I Been Pwned publishes it. */
function listOf(passwords: readonly string[], end = '\r\n', counts = true): string {
  const lines = passwords.map((text, index) =>
    counts ? `${sha1(text)}:${index + 1}` : sha1(text),
  );
  const path = join(folder, `${lines.length}-${end.length}-${counts}.txt`);
  writeFileSync(path, lines.sort().join(end));
  return path;
}

const about = ['ada@corner-shop.example', 'Ada Lovelace', 'Corner Shop'];

describe('a new password', () => {
  it('is good when it is long and no pattern', async () => {
    const requireGood = await loadPasswordRules(undefined);
    for (const good of [
      'seven purple otters juggle',
      'kX9#mQ2$vL7!pR4z',
      'パスワードではない長い合言葉です',
      ' leading and trailing spaces ',
    ]) {
      await requireGood(good, about);
    }
  });

  for (const [password, flaw] of [
    ['Tr0ub4dor&3', 'too_short'],
    ['x'.repeat(14), 'too_short'],
    ['é'.normalize('NFD').repeat(14), 'too_short'],
    ['seven purple otters '.repeat(7), 'too_long'],
    ['passwordpassword', 'guessable'],
    ['123456789012345678', 'guessable'],
    ['qwertyuiopasdfghjkl', 'guessable'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'guessable'],
    ['correct horse battery staple', 'guessable'],
    ['1q2w3e4r5t6y7u8i9o', 'guessable'],
    ['PayOS payos PayOS', 'guessable'],
    ['ada@corner-shop.example', 'guessable'],
    ['adalovelaceadalovelace', 'guessable'],
    ['cornershopcornershop', 'guessable'],
  ] as const) {
    it(`is refused as ${flaw}: ${password.slice(0, 30)}`, async () => {
      const requireGood = await loadPasswordRules(undefined);
      await assert.rejects(requireGood(password, about), (error: Error & { extras: object }) => {
        assert.equal(Reflect.get(error, 'code'), 'password_refused');
        assert.equal(Reflect.get(error.extras, 'detail'), passwordAdvice[flaw]);
        return true;
      });
    });
  }

  it('is decided about in a moment, whatever is sent', async () => {
    const requireGood = await loadPasswordRules(undefined);
    const began = performance.now();
    for (const part of ['4@8({[36!1|0$5+7%2', 'qwertyuiop[]', '19991231', 'aA1!', '()[]{}<>']) {
      await requireGood(part.repeat(20).slice(0, 128), about).catch(() => undefined);
    }
    // Not a measure of speed: a guard against patterns that take minutes.
    assert.ok(performance.now() - began < 30_000);
  });

  it('that was in a breach is refused by the list, offline', async () => {
    const bad = 'seven purple otters juggle';
    const requireGood = await loadPasswordRules(listOf([bad, 'another one', 'and one more']));
    await assert.rejects(requireGood(bad, about), { message: passwordAdvice.breached });
    await requireGood('eight purple otters juggle', about);
  });
});

describe('the list of breached passwords', () => {
  const many = Array.from({ length: 2000 }, (_, index) => `password ${index}`);

  for (const [end, counts] of [
    ['\r\n', true],
    ['\n', true],
    ['\n', false],
  ] as const) {
    it(`is found in, whatever line: ${JSON.stringify(end)}, counts ${counts}`, async () => {
      const path = listOf(many, end, counts);
      for (const password of many) assert.equal(await isBreached(path, password), true, password);
      for (let index = 0; index < 500; index += 1) {
        assert.equal(await isBreached(path, `other ${index}`), false);
      }
    });
  }

  it('may be short, or empty', async () => {
    const one = listOf(['only']);
    assert.deepEqual([await isBreached(one, 'only'), await isBreached(one, 'x')], [true, false]);
    assert.equal(await isBreached(listOf([]), 'x'), false);
  });

  it('that is no such list, or is not there, stops the start', async () => {
    const path = join(folder, 'plain.txt');
    writeFileSync(path, 'password\nletmein\n'.repeat(100));
    await assert.rejects(loadPasswordRules(path), /not an ordered list of SHA-1/);
    await assert.rejects(loadPasswordRules(join(folder, 'missing.txt')), /ENOENT/);
  });
});
