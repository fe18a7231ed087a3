import type { Mode } from 'payos-contract';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { isLiving } from './ends-at.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

type Grants = Readonly<Record<Mode, ReadonlySet<string>>>;
/** A member and what they may do, before a change and after it. */
type Shrunk = { member: string; before: Grants; after: Grants };

/** Held until the transaction ends: events of one key are numbered in turn. */
const holdOwned = statement(
  'keys.hold_owned',
  `SELECT ${apiKeyColumns} FROM api_keys
   WHERE organization_id = $1 AND owner_id = $2 AND ${isLiving} ORDER BY id FOR UPDATE`,
);

/**
 * Tells of keys that may do, from now on, what their owner may do no more; in the transaction that
 * takes it from the owner. The keys go on working: what uses them is not the person.
 */
export async function tellBeyondOwner(
  tx: Tx,
  organization: string,
  { member, before, after }: Shrunk,
): Promise<void> {
  const lost = (mode: Mode, name: string) => before[mode].has(name) && !after[mode].has(name);
  const shrank = (['test', 'live'] as const).some((mode) =>
    [...before[mode]].some((name) => lost(mode, name)),
  );
  if (!shrank) return;
  for (const row of await tx.query<ApiKeyRow>(holdOwned, [organization, member])) {
    const { id, mode, permissions } = row;
    if (!permissions.some((name) => lost(mode, name))) continue;
    const beyond_owner = permissions.filter((name) => !after[mode].has(name));
    const data = { ...toApiKey(row), beyond_owner };
    const scope = { organization, mode };
    tx.event({ type: 'api_key.beyond_owner', object: id, data, scope });
  }
}
