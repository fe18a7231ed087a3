import type { Context } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import type { Sealer } from '../../core/seal.ts';
import { dueAt } from '../ends-at.ts';
import { tellKeepers } from '../tell-keepers.ts';
import { candidatesMax, eventData, tellOnce } from './once.ts';

/**
 * Only the nearest end counts, and only the last of the reminders that are due; a key that was made
 * a day before its end needs none for fourteen.
 */
const selectNear = statement(
  'keys.near_their_end',
  `SELECT k.organization_id, k.id, k.mode, k.ends, k.due_at, near.days
   FROM (SELECT organization_id, id, mode, created_at, least(expires_at, ${dueAt}) AS due_at,
       CASE WHEN expires_at <= coalesce(${dueAt}, 'infinity') THEN 'expiry' ELSE 'age' END AS ends
     FROM api_keys
     WHERE revoked_at IS NULL AND disabled_at IS NULL AND successor_id IS NULL) k
   CROSS JOIN LATERAL (SELECT min(days) AS days FROM unnest(ARRAY[1, 7, 14]) AS days
     WHERE k.due_at <= now() + days * interval '1 day') near
   WHERE k.due_at > now() AND k.due_at - near.days * interval '1 day' > k.created_at
     AND NOT EXISTS (SELECT 1 FROM api_key_reminders r
       WHERE r.organization_id = k.organization_id AND r.key_id = k.id AND r.ends = k.ends
         AND r.due_at = k.due_at AND r.days <= near.days)
   LIMIT ${candidatesMax}`,
);

/** Reminds those who look after a key that it ends, or is to be replaced, soon. */
export function remindOfEnds(ctx: Context, sealer: Sealer): Promise<void> {
  return tellOnce(ctx, selectNear, async (tx, key, { ends, due_at }) => {
    tx.event({ type: 'api_key.expiring', object: key.id, data: eventData(key) });
    const data = { ends, at: due_at };
    await tellKeepers(tx, sealer, key, { template: 'api_key_expiring', data });
  });
}
