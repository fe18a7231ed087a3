import type { Mode } from 'payos-contract';

/** Whose data: the tenant and its mode. Nothing crosses either. */
export type Owner = { organization: string; mode: Mode };

/** Keys never serve two purposes (NIST SP 800-57 part 1, 5.2). */
export type KeyPurpose = 'card' | 'fingerprint' | 'idempotency';

/** What a wrapped key is bound to. Visible to a key service: holds no card data. */
export type KeyContext = Owner & { purpose: KeyPurpose; version: number };

/**
 * Holds the root of all keys and wraps the key-encryption keys with it. Asynchronous, so that a key
 * management service can stand behind it.
 */
export type KeyProvider = {
  readonly name: string;
  /** Whether the root lies outside the machine that holds the data. */
  readonly fitForLive: boolean;
  /** Whether it has to be asked over the network. */
  readonly isRemote: boolean;
  /** What the wrapped form of new keys begins with: it names the root. */
  readonly root: Buffer;
  /** Whether keys that begin like this can be opened. */
  opens(root: Buffer): boolean;
  /** Encrypts a key, bound to its context. The answer names the root version it needs. */
  wrap(key: Uint8Array, context: KeyContext): Promise<Buffer>;
  /** Undoes {@link KeyProvider.wrap}. Throws {@link SealBroken} for another context. */
  unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Buffer>;
  close(): Promise<void>;
};

/** Sealed bytes, or their place, are not what they were when they were sealed. */
export class SealBroken extends Error {
  constructor() {
    super('sealed bytes do not open');
    this.name = 'SealBroken';
  }
}
