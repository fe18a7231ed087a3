import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { networkOf } from '../../core/network.ts';
import { RateLimiter, requireTurn } from '../../core/rate-limit.ts';
import type { DatabaseClock } from '../propagation/database-clock.ts';
import type { VerifiedKey } from '../verified-key.ts';
import type { KeyVerifier } from '../verify-key.ts';
import { publicKeyOf } from './public-key.ts';
import { isSignedBy, readSignedRequest, type SignedRequest } from './read-signed-request.ts';
import { invalidSignature } from './refuse-signature.ts';

type Options = {
  verifier: KeyVerifier;
  databaseClock: DatabaseClock;
  /** Where this installation is reached. */
  publicUrl: string;
  /** Wrong signatures under one key id, per second and address. */
  addressRate: number;
};

/** Checked against where there is no such key: a miss costs as much. Nobody can sign for it. */
const nobody = Buffer.from(
  generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '',
  'base64url',
);

/** Said of ids that there are and of ids that there are not: nobody learns which is which. */
export const tooManyUnknown = 'Too many unknown API keys from this address.';

/** Whether a request says that it is signed. */
export function isSigned({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['signature-input'] !== undefined || headers['signature'] !== undefined;
}

/** Finds out who signed requests. */
export class Signers {
  readonly #options: Options;
  readonly #authority: string;
  readonly #wrong = new RateLimiter();
  /** Reading a key from its bytes takes half as long as checking a signature. */
  readonly #ready = new WeakMap<Buffer, KeyObject>();

  constructor(options: Options) {
    this.#options = options;
    this.#authority = new URL(options.publicUrl).host;
  }

  /**
   * The key that a request is signed with, in whatever state it is. The signature is not used up
   * yet, and the body was not looked at.
   *
   * @param address where the request came from
   * @param beforeLookup called before the database is asked about a key not seen lately; may throw
   * @throws ApiError `invalid_signature`: in detail about the request itself, in one way for
   *   everything that has to do with the key; `rate_limited`
   */
  async find(
    request: IncomingMessage,
    address: string,
    beforeLookup: () => void,
  ): Promise<{ key: VerifiedKey; signed: SignedRequest }> {
    if (request.headers.authorization !== undefined) {
      throw invalidSignature('Send a signature or an Authorization header, not both.');
    }
    const { verifier, databaseClock, addressRate } = this.#options;
    const signed = readSignedRequest(request, {
      authority: this.#authority,
      nowMs: databaseClock.nowMs(),
    });
    // Checking costs time: who guesses is slowed down, without holding up anybody else's key.
    const guesser = `${networkOf(address)} ${signed.keyId}`;
    requireTurn(this.#wrong.peek(guesser, addressRate), tooManyUnknown);
    const { key, miss } = await verifier.findSigningKey(signed.keyId, beforeLookup);
    const raw = key?.publicKey ?? nobody;
    const ready = this.#ready.get(raw);
    const publicKey = ready ?? publicKeyOf(raw);
    if (isSignedBy(signed, publicKey) && key?.publicKey !== undefined) {
      this.#ready.set(raw, publicKey);
      return { key, signed };
    }
    this.#wrong.take(guesser, addressRate);
    if (ready !== undefined) publicKeyOf(raw);
    await miss();
    throw invalidSignature();
  }
}
