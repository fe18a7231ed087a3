import type { Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';

/** Where listening processes hear of what is new in key_changes. */
export const keyChannel = 'payos_keys';

/** A process whose row is older than this is gone, or trusts nothing it remembers. */
export const nodeLeaseSeconds = 3;

const insertChange = statement(
  'keys.announce',
  `INSERT INTO key_changes (organization_id, key_id, mode, nodes)
   VALUES ($1, $2, $3, ARRAY(SELECT id FROM key_nodes
     WHERE seen_at > clock_timestamp() - interval '${nodeLeaseSeconds} seconds'))
   RETURNING id, nodes, pg_notify('${keyChannel}', json_build_object('id', id,
     'organization', organization_id, 'mode', mode, 'key', key_id,
     'created_ms', extract(epoch FROM created_at) * 1000)::text)`,
);

/** Which keys changed. `key` is null after a change of the rules: all of organization and mode. */
export type Changed = Scope & { key: string | null };
export type KeyChange = Changed & { id: number; nodes: string[] };

/**
 * Makes every process forget what it remembers of a key, or of all keys of an organization and
 * mode, as soon as the transaction is committed. Comes behind the change itself in the transaction:
 * a process that is new counts on that.
 *
 * @param key undefined: all of them
 */
export async function announceChange(
  tx: Tx,
  { organization, mode }: Scope,
  key: string | undefined,
): Promise<KeyChange> {
  const changed = { organization, mode, key: key ?? null };
  const [row] = await tx.query<{ id: number; nodes: string[] }>(insertChange, [
    organization,
    changed.key,
    mode,
  ]);
  if (row === undefined) throw new Error('the change was not announced');
  return { ...changed, id: row.id, nodes: row.nodes };
}
