import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a ceremony may be made to do wrong. */
export type Misuse = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  /** The user touched the device, but did not say who they are. */
  unverified?: true;
  /** The counter stays, as that of a copy does. */
  frozen?: true;
  crossOrigin?: true;
  type?: string;
  userHandle?: string;
};

/** What is used of the options that the server gives. */
type CreationOptions = { challenge: string; rp: { id: string }; user: { id: string } };
type RequestOptions = { challenge: string; rpId: string; allowCredentials?: { id: string }[] };

type Key = { id: Buffer; privateKey: KeyObject; publicKey: KeyObject; user: string };

const flags = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 } as const;
const base64url = (bytes: Buffer) => bytes.toString('base64url');
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

/**
 * A device that holds passkeys (CTAP2 authenticator with the browser in front of it): ES256, no
 * attestation, counting its uses. Real cryptography, so that servers can be tested without a
 * browser.
 */
export class PasskeyDevice {
  readonly origin: string;
  readonly #keys: Key[] = [];
  readonly #counts: boolean;
  #counter = 0;

  /** @param options `counts: false`: as synced passkeys do it, whose counter stays at 0 */
  constructor(origin: string, options: { counts?: boolean } = {}) {
    this.origin = origin;
    this.#counts = options.counts ?? true;
  }

  /** `navigator.credentials.create` (WebAuthn Level 3 §5.1.3), answered as JSON. */
  create(options: CreationOptions, misuse: Misuse = {}): Record<string, unknown> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = { id: randomBytes(32), privateKey, publicKey, user: options.user.id };
    this.#keys.push(key);
    const authData = Buffer.concat([
      this.#authData(misuse.rpId ?? options.rp.id, flags.attested, misuse),
      Buffer.alloc(16),
      uint16(key.id.length),
      key.id,
      coseKey(publicKey),
    ]);
    // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText('none'),
      cborText('attStmt'),
      Buffer.from([0xa0]),
      cborText('authData'),
      Buffer.from([0x59]),
      uint16(authData.length),
      authData,
    ]);
    const clientData = this.#clientData('webauthn.create', options.challenge, misuse);
    return {
      id: base64url(key.id),
      rawId: base64url(key.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        attestationObject: base64url(attestation),
        transports: ['internal'],
      },
    };
  }

  /** `navigator.credentials.get` (§5.1.4): with the newest key that is asked for. */
  get(options: RequestOptions, misuse: Misuse = {}): Record<string, unknown> {
    const wanted = (options.allowCredentials ?? []).map((one) => one.id);
    const key = this.#keys.findLast(
      ({ id }) => wanted.length === 0 || wanted.includes(base64url(id)),
    );
    if (key === undefined) throw new Error('no such passkey on this device');
    const authData = this.#authData(misuse.rpId ?? options.rpId, 0, misuse);
    const clientData = this.#clientData('webauthn.get', options.challenge, misuse);
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), key.privateKey);
    return {
      id: base64url(key.id),
      rawId: base64url(key.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authData),
        signature: base64url(signature),
        userHandle: misuse.userHandle ?? key.user,
      },
    };
  }

  #authData(rpId: string, more: number, misuse: Misuse): Buffer {
    if (this.#counts && !misuse.frozen) this.#counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    const verified = misuse.unverified ? 0 : flags.userVerified;
    return Buffer.concat([
      sha256(rpId),
      Buffer.from([flags.userPresent | verified | more]),
      counter,
    ]);
  }

  #clientData(type: string, challenge: string, misuse: Misuse): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: misuse.type ?? type,
        challenge: misuse.challenge ?? challenge,
        origin: misuse.origin ?? this.origin,
        crossOrigin: misuse.crossOrigin ?? false,
      }),
    );
  }
}

/** {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} in CBOR (RFC 9053 §7.1.1). */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    Buffer.from(x, 'base64url'),
    Buffer.from([0x22, 0x58, 0x20]),
    Buffer.from(y, 'base64url'),
  ]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
