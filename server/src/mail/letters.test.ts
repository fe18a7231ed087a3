import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plain } from './letter.ts';
import { letters, writeLetter } from './letters.ts';
import { renderHtml, renderText } from './render.ts';

const at = '2026-11-23T10:05:00.000Z';
const token = `${'A'.repeat(42)}_`;
const url = 'https://pay.example/';
const nasty = 'Mallory\r\nBcc: all@evil.example\u202e <b onclick="x">https://evil.example/a</b>';

/** Data for every template at once: each takes what it needs. */
const everything = (name: string) => ({
  name,
  at,
  address: '203.0.113.7',
  device: `Firefox on Linux ${name}`,
  token,
  expiresAt: at,
  until: at,
  organization: name,
  inviter: name,
  person: name,
  email: 'new@example.com',
  roles: { test: 'Developer', live: null },
  factor: 'totp',
  label: name,
  left: 9,
  key: { id: 'key_1', name, hint: 'payos_sk_live_A1b2…c3D4', mode: 'live' },
  by: name,
  retiresAt: at,
  successor: 'key_2',
  ends: 'age',
  frozen: true,
  how: 'leak_report',
  where: name,
  done: 'revoke',
  what: 'requested',
  scopes: { raw_cards: true, reveal: true },
  stream: 'answer',
  place: name,
  count: 2,
  requestId: 'req_1',
  reason: name,
  cause: 'key_exposed',
  thumbprint: name,
  destination: name,
  url: name,
});

describe('every mail', () => {
  for (const template of Object.keys(letters)) {
    it(`${template}: says the same in text and HTML`, () => {
      const letter = writeLetter(template, everything('Ada'), url);
      const [text, html] = [renderText(letter), renderHtml(letter)];
      assert.ok(letter.subject.length > 10);
      for (const part of letter.parts) {
        if (part.kind !== 'link') continue;
        assert.ok(part.url.startsWith('https://pay.example/'), part.url);
        assert.ok(text.includes(`${part.label}:\n${part.url}\n`), text);
        assert.ok(html.includes(`href="${part.url}"`), html);
      }
      assert.ok(
        text.split('\n').every((line) => line.length <= 90),
        text,
      );
      assert.doesNotMatch(text, /undefined|null|\[object|<|&/);
      assert.doesNotMatch(html, /undefined|\[object|<(img|script|link|iframe)|url\(|src=/);
    });

    it(`${template}: nobody puts a header, markup or a link of theirs into it`, () => {
      const letter = writeLetter(template, everything(nasty), url);
      assert.doesNotMatch(letter.subject, /\p{Cc}/u);
      const [text, html] = [renderText(letter), renderHtml(letter)];
      for (const all of [letter.subject, text, html]) {
        assert.doesNotMatch(all, /evil\.example|https:\/\/evil|\u202e|^Bcc/im);
      }
      assert.doesNotMatch(html, /<b |<\/b>/);
    });
  }

  it('carries its token in the fragment only', () => {
    for (const template of ['invitation', 'password_reset', 'email_change']) {
      const text = renderText(writeLetter(template, everything('Ada'), url));
      assert.match(text, new RegExp(`https://pay\\.example/[a-z-]+#token=${token}\n`));
    }
  });
});

describe('words that somebody else chose', () => {
  it('are cut and kept on one line', () => {
    assert.equal(plain('a\r\nb\u2028c'), 'a b c');
    assert.equal([...plain('💳'.repeat(500))].length, 81);
    assert.equal(plain('Ada Lovelace, Ltd.'), 'Ada Lovelace, Ltd.');
  });
});
