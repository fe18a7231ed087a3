import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { ApiError } from '../../core/errors.ts';
import { publicKeyOf, readPublicKey } from './public-key.ts';

const pair = generateKeyPairSync('ed25519');
const jwk = pair.publicKey.export({ format: 'jwk' });
const raw = Buffer.from(jwk.x ?? '', 'base64url');

function refusal(given: string): string {
  let error: unknown;
  try {
    readPublicKey(given);
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof ApiError, `taken: ${given}`);
  assert.equal(error.extras.param, 'public_key');
  return error.message;
}

describe('the public key of a signing key', () => {
  it('is taken as PEM, JWK and base64 in either alphabet, and is 32 bytes', () => {
    const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const forms = [
      pem,
      pem.trim(),
      pem.replaceAll('\n', '\r\n'),
      JSON.stringify(jwk),
      JSON.stringify({ ...jwk, kid: 'a', use: 'sig', alg: 'EdDSA' }),
      raw.toString('base64'),
      raw.toString('base64url'),
      ` ${raw.toString('base64')}\n`,
    ];
    for (const form of forms) assert.deepEqual(readPublicKey(form), raw, form);
    const message = Buffer.from('signed');
    assert.ok(verify(null, message, publicKeyOf(raw), sign(null, message, pair.privateKey)));
  });

  it('that is a private key is refused, and said to be one', () => {
    const privateKeys = [
      pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      JSON.stringify(pair.privateKey.export({ format: 'jwk' })),
    ];
    for (const given of privateKeys) assert.match(refusal(given), /is a private key/);
  });

  it('of another kind or form is refused', () => {
    const others = [
      generateKeyPairSync('x25519').publicKey,
      generateKeyPairSync('ed448').publicKey,
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
    ];
    const forms = others.flatMap((key) => [
      key.export({ format: 'pem', type: 'spki' }).toString(),
      JSON.stringify(key.export({ format: 'jwk' })),
    ]);
    for (const form of [
      ...forms,
      '',
      '{}',
      '{"kty":',
      '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----',
      '-----BEGIN CERTIFICATE-----\nMCow\n-----END CERTIFICATE-----',
      raw.toString('hex'),
      raw.subarray(1).toString('base64'),
      `${raw.toString('base64').slice(0, -2)}==`,
      JSON.stringify({ ...jwk, x: `${jwk.x}=` }),
      JSON.stringify({ ...jwk, x: 7 }),
    ]) {
      assert.match(refusal(form), /must be an Ed25519 public key/, form);
    }
  });

  it('of another curve is refused, even where its bytes would do', () => {
    const x25519 = Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), raw]);
    const base64 = x25519.toString('base64');
    const pem = `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----`;
    assert.equal(createPublicKey(pem).asymmetricKeyType, 'x25519');
    for (const form of [
      pem,
      JSON.stringify({ ...jwk, crv: 'X25519' }),
      JSON.stringify({ ...jwk, kty: 'EC' }),
    ]) {
      assert.match(refusal(form), /must be an Ed25519 public key/, form);
    }
  });

  // Under these anybody's signature may verify; OpenSSL takes them all.
  const smallOrder = {
    'order 1': '0100000000000000000000000000000000000000000000000000000000000000',
    'order 2': 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'order 4': '0000000000000000000000000000000000000000000000000000000000000000',
    'order 4, other sign': '0000000000000000000000000000000000000000000000000000000000000080',
    'order 8': 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'order 8, other sign': 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'order 8, other': '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'order 8, other, other sign':
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  };
  for (const [name, hex] of Object.entries(smallOrder)) {
    it(`that is a point of ${name} is refused`, () => {
      assert.match(refusal(Buffer.from(hex, 'hex').toString('base64')), /must be an Ed25519/);
    });
  }

  it('that is no point, or one in another encoding, is refused', () => {
    const notOnCurve = `02${'00'.repeat(31)}`;
    const beyondP = `f0${'ff'.repeat(30)}7f`;
    const minusZero = `01${'00'.repeat(30)}80`;
    for (const hex of [notOnCurve, beyondP, minusZero, 'ff'.repeat(32)]) {
      assert.match(refusal(Buffer.from(hex, 'hex').toString('base64')), /must be an Ed25519/, hex);
    }
  });

  it('of 200 made by OpenSSL is always taken', () => {
    for (let made = 0; made < 200; made += 1) {
      const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
      assert.equal(readPublicKey(x).toString('base64url'), x);
    }
  });
});
