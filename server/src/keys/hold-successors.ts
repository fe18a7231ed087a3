import type { Scope } from '../core/context.ts';
import type { Tx } from '../core/mutate.ts';
import { holdKey } from './change-key.ts';
import type { ApiKeyRow } from './key-row.ts';

/**
 * The keys that came of a key by rotation, the older first, up to the first that is not wanted.
 * Each is held before its successor is read, so that a rotation that is under way is either waited
 * for or finds the key changed.
 */
export async function holdSuccessors(
  tx: Tx,
  scope: Scope,
  key: ApiKeyRow,
  isWanted: (successor: ApiKeyRow) => boolean = () => true,
): Promise<ApiKeyRow[]> {
  const chain: ApiKeyRow[] = [];
  let next = key.successor_id;
  while (next !== null) {
    const successor = await holdKey(tx, scope, next);
    if (!isWanted(successor)) break;
    chain.push(successor);
    next = successor.successor_id;
  }
  return chain;
}
