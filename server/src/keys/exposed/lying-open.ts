import type { Scope } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import type { Tx } from '../../core/mutate.ts';
import { isLiving } from '../ends-at.ts';
import { cardPermissions } from '../touches-cards.ts';

const select = statement(
  'keys.lying_open',
  `WITH RECURSIVE open AS (
     SELECT e.id FROM api_keys AS e
     WHERE e.organization_id = $1 AND e.mode = $2 AND e.exposed_at IS NOT NULL
     UNION
     SELECT heir.id FROM open JOIN api_keys AS heir ON heir.organization_id = $1
       AND heir.mode = $2 AND heir.predecessor_id = open.id AND heir.rolled_by_self
   )
   SELECT id, permissions && $3::text[] AS "touchesCards" FROM api_keys
   WHERE organization_id = $1 AND mode = $2 AND id IN (SELECT id FROM open) AND ${isLiving}
   ORDER BY id`,
);

/**
 * The living keys that were seen where no secret may be, and those that such a key made of itself,
 * before or after: whoever had it may have these. What people made of it is not theirs.
 */
export function keysLyingOpen(tx: Tx, { organization, mode }: Scope) {
  const values = [organization, mode, cardPermissions];
  return tx.query<{ id: string; touchesCards: boolean }>(select, values);
}
