import assert from 'node:assert/strict';
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { Card } from '../cards/card.ts';
import { passesLuhn } from '../cards/luhn.ts';
import { lengthPrefixed } from '../core/bytes.ts';
import { secureBytes } from '../core/random.ts';
import { numberMacOf } from './fingerprint.ts';

const owner = { organization: 'org_a', mode: 'test' } as const;
const number = '4242424242424242';
const cardOf = (digits: string) => new Card(Buffer.from(digits), 12, 2040, 'Ada');
const kekOf = (bytes: Buffer) => ({ id: 'k', version: 1, key: createSecretKey(bytes) });
const kek = kekOf(secureBytes(32));
const stolen = numberMacOf(kek, owner, cardOf(number)).toString('hex');

/** All numbers with the BIN and last four that a database shows and the BIN's next two digits. */
function candidates(): Buffer[] {
  const found: Buffer[] = [];
  for (let middle = 0; middle < 10_000; middle += 1) {
    const digits = Buffer.from(`42424242${String(middle).padStart(4, '0')}4242`);
    if (passesLuhn(digits)) found.push(digits);
  }
  return found;
}

describe('the fingerprint of a stolen database', () => {
  it('tells no card by any hash that needs no key, nor by keys that lie near', () => {
    const all = candidates();
    assert.equal(all.length, 1000);
    const guesses = ['', owner.organization, 'payos', 'test', kek.id, stolen];
    const keys: KeyObject[] = [Buffer.alloc(32), ...guesses.map((guess) => Buffer.from(guess))].map(
      (bytes) => createSecretKey(bytes),
    );
    const hits: string[] = [];
    for (const digits of all) {
      const inputs = [digits, lengthPrefixed([owner.organization, owner.mode, digits])];
      for (const input of inputs) {
        const macs = [
          ...['md5', 'sha1', 'sha256', 'sha512'].map((name) => createHash(name).update(input)),
          ...keys.map((key) => createHmac('sha256', key).update(input)),
        ].map((hash) => hash.digest('hex'));
        if (macs.some((mac) => mac.includes(stolen))) hits.push(digits.toString());
      }
    }
    assert.deepEqual(hits, []);
  });

  it('would tell it at once to who has the key: so the search above does search', () => {
    const hit = candidates().filter((digits) => {
      return numberMacOf(kek, owner, cardOf(digits.toString())).toString('hex') === stolen;
    });
    assert.deepEqual(hit.map(String), [number]);
  });

  it('is another for each organization, mode and key, whatever else is on the card', () => {
    const of = (more: object, key = kek) =>
      numberMacOf(key, { ...owner, ...more }, cardOf(number)).toString('hex');
    const others = [
      of({ organization: 'org_b' }),
      of({ mode: 'live' }),
      of({ organization: 'org_atest', mode: '' }),
      of({}, kekOf(secureBytes(32))),
    ];
    assert.equal(new Set([stolen, ...others]).size, 5);
    const reissued = new Card(Buffer.from(number), 1, 2044, undefined);
    assert.equal(numberMacOf(kek, owner, reissued).toString('hex'), stolen);
    assert.equal(stolen.length, 32);
  });
});
