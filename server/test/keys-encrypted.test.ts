import assert from 'node:assert/strict';
import {
  constants,
  createDecipheriv,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { compactDecrypt } from 'jose';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let owner: Person;
before(async () => {
  office = await openSharedOffice();
  owner = await office.join('owner');
});
after(async () => office?.stop());

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const x25519 = generateKeyPairSync('x25519');
const jwkOf = (key: KeyObject) => ({ ...key.export({ format: 'jwk' }) });
const use = (key: string) => office.api.get('/v1/payments', key);
const create = (encrypt_to: object, body: object = {}): Promise<Answer> =>
  owner.call('POST', '/v1/api_keys', {
    body: { name: 'Key', encrypt_to, ...body },
    mode: 'test',
  });

async function open(jwe: string, privateKey: KeyObject): Promise<string> {
  const { plaintext } = await compactDecrypt(jwe, privateKey);
  return Buffer.from(plaintext).toString();
}

/** RFC 7516 §5.2 and RFC 7518 §4.3, §5.3, by hand. */
function openByHand(jwe: string, privateKey: KeyObject): string {
  const [header = '', wrapped = '', iv = '', text = '', tag = ''] = jwe.split('.');
  const bytes = (part: string) => Buffer.from(part, 'base64url');
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const cek = privateDecrypt({ key: privateKey, ...padding }, bytes(wrapped));
  const decipher = createDecipheriv('aes-256-gcm', cek, bytes(iv));
  decipher.setAAD(Buffer.from(header, 'ascii')).setAuthTag(bytes(tag));
  return Buffer.concat([decipher.update(bytes(text)), decipher.final()]).toString();
}

describe('a new key that is asked for encrypted', () => {
  it('is nowhere in the answer, and is the key for whom it is for', async () => {
    for (const [pair, more] of [
      [rsa, {}],
      [rsa, { use: 'enc', kid: 'mine', alg: 'RSA-OAEP-256' }],
      [p256, {}],
      [p256, { alg: 'ECDH-ES+A256KW' }],
      [x25519, {}],
    ] as const) {
      const answer = await create({ ...jwkOf(pair.publicKey), ...more });
      assert.equal(answer.status, 201, answer.text);
      const { key, key_jwe } = answer.body;
      assert.equal(key, null);
      const plain = await open(key_jwe, pair.privateKey);
      assert.equal((await use(plain)).status, 200);
      assert.ok(!answer.text.includes(plain));
      const header = JSON.parse(Buffer.from(key_jwe.split('.')[0], 'base64url').toString());
      assert.equal(header.enc, 'A256GCM');
      assert.equal(header.kid, 'kid' in more ? more.kid : undefined);
      if (pair === rsa) assert.equal(openByHand(key_jwe, rsa.privateKey), plain);
      await assert.rejects(open(key_jwe, generateKeyPairSync('x25519').privateKey));
    }
  });

  it('comes so from rotating and rolling, too', async () => {
    const encrypt_to = jwkOf(x25519.publicKey);
    const made = (await create(encrypt_to, { permissions: ['keys:roll_self', 'payments:read'] }))
      .body;
    const key = await open(made.key_jwe, x25519.privateKey);
    const rolled = await office.api.post('/v1/api_keys/roll', key, {
      encrypt_to,
      overlap_seconds: 0,
    });
    assert.equal(rolled.body.successor.key, null, rolled.text);
    const next = await open(rolled.body.successor.key_jwe, x25519.privateKey);
    assert.equal((await use(next)).status, 200);
    const path = `/v1/api_keys/${rolled.body.successor.id}/rotate`;
    const rotated = await owner.call('POST', path, { body: { encrypt_to }, mode: 'test' });
    const last = await open(rotated.body.successor.key_jwe, x25519.privateKey);
    assert.equal((await use(last)).status, 200);
  });

  it('is not made for what is no public key, a weak one, or a private one', async () => {
    const good = jwkOf(rsa.publicKey);
    const weak = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2047 }).publicKey);
    const curve = jwkOf(p256.publicKey);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const bad: object[] = [
      weak,
      { ...weak, n: `AAAA${weak['n']}` },
      { ...good, e: 'Aw' },
      { ...good, e: 'AQ' },
      { ...good, n: 'AAAA' },
      { kty: 'RSA' },
      { ...good, crv: 'P-256' },
      { ...good, alg: 'ECDH-ES' },
      { ...curve, alg: 'RSA-OAEP-256' },
      { ...curve, y: curve['x'] },
      { kty: 'EC', crv: 'P-256', x: curve['x'] },
      jwkOf(other.publicKey),
      jwkOf(generateKeyPairSync('ed25519').publicKey),
      // Points of small order: every private key gives the same secret, which all can compute.
      { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32).toString('base64url') },
      {
        kty: 'OKP',
        crv: 'X25519',
        x: Buffer.concat([Buffer.of(1), Buffer.alloc(31)]).toString('base64url'),
      },
      { kty: 'OKP', crv: 'X25519', x: 'AAAA' },
      jwkOf(rsa.privateKey),
      jwkOf(p256.privateKey),
    ];
    const count = async () =>
      (
        await office.rows(
          'SELECT count(*)::int AS count FROM api_keys WHERE organization_id = $1',
          [office.organization],
        )
      )[0].count;
    const before = await count();
    for (const encrypt_to of bad) {
      const answer = await create(encrypt_to);
      assert.equal(answer.status, 400, JSON.stringify(encrypt_to));
      assert.match(answer.body.errors[0].pointer, /^\/encrypt_to/);
    }
    assert.equal(await count(), before);
  });

  it('has no meaning for a key without a secret', async () => {
    const ed25519 = generateKeyPairSync('ed25519');
    const public_key = ed25519.publicKey.export({ type: 'spki', format: 'pem' });
    const answer = await create(jwkOf(rsa.publicKey), { kind: 'signing', public_key });
    assert.equal(answer.body.errors?.[0].pointer, '/encrypt_to', answer.text);
  });
});
