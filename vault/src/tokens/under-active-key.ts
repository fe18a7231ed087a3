import { sqlState } from '../core/db.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';

/** SQLSTATE of the vault's own: what is stored must be made with the keys that are in use. */
const formerKey = 'PK001';

/**
 * Stores a card, and once more under another key if this one is no longer the active one.
 *
 * @param write seals under the current key and stores
 */
export function underActiveKey<T>(
  keks: KekStore,
  owner: Owner,
  write: () => Promise<T>,
): Promise<T> {
  return write().catch((error: unknown) => {
    if (sqlState(error) !== formerKey) throw error;
    // Another process rotated a key; now we know.
    keks.forgetCurrent(owner, 'card');
    keks.forgetCurrent(owner, 'fingerprint');
    return write();
  });
}
