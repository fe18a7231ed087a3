import type { Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';

/** Where listening processes hear that something in key_changes is new. */
export const keyChannel = 'payos_keys';

/** A process whose row is older than this is gone, or trusts nothing it remembers. */
export const nodeLeaseSeconds = 3;

const insertChange = statement(
  'keys.announce',
  `INSERT INTO key_changes (organization_id, key_id, mode, nodes)
   VALUES ($1, $2, $3, ARRAY(SELECT id FROM key_nodes
     WHERE seen_at > clock_timestamp() - interval '${nodeLeaseSeconds} seconds'))
   RETURNING id, nodes, pg_notify('${keyChannel}', '')`,
);

export type KeyChange = { id: number; nodes: string[] };

/**
 * Makes every process forget what it remembers of a key, or of all keys of an organization and
 * mode, as soon as the transaction is committed.
 *
 * @param key undefined: all of them
 */
export async function announceChange(
  tx: Tx,
  { organization, mode }: Scope,
  key: string | undefined,
): Promise<KeyChange> {
  const [change] = await tx.query<KeyChange>(insertChange, [organization, key ?? null, mode]);
  if (change === undefined) throw new Error('the change was not announced');
  return change;
}
