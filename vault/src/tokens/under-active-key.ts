import { sqlState } from '../core/db.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';

/** SQLSTATE of the vault's own: what is stored must be made with the keys that are in use. */
const formerKey = 'PK001';

/** Rotations of one owner's keys that may come while a card is stored. */
const triesMax = 4;

/**
 * Stores a card, and anew under another key as long as this one is no longer the active one.
 *
 * @param write seals under the current key and stores
 */
export async function underActiveKey<T>(
  keks: KekStore,
  owner: Owner,
  write: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (sqlState(error) !== formerKey || tries === triesMax) throw error;
      // Another process rotated a key; now we know.
      keks.forgetCurrent(owner, 'card');
      keks.forgetCurrent(owner, 'fingerprint');
    }
  }
}
