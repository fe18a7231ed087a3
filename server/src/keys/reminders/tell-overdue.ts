import type { Context } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import type { Sealer } from '../../core/seal.ts';
import { dueAt, isLiving } from '../ends-at.ts';
import { readKeyPolicy } from '../policy/key-policy.ts';
import { tellKeepers } from '../tell-keepers.ts';
import { candidatesMax, eventData, tellOnce } from './once.ts';

const selectOverdue = statement(
  'keys.overdue',
  `SELECT organization_id, id, mode, 'age' AS ends, ${dueAt} AS due_at, 0 AS days FROM api_keys
   WHERE ${dueAt} <= now() AND ${isLiving} AND disabled_at IS NULL AND successor_id IS NULL
     AND NOT EXISTS (SELECT 1 FROM api_key_reminders r
       WHERE r.organization_id = api_keys.organization_id AND r.key_id = api_keys.id
         AND r.ends = 'age' AND r.due_at = ${dueAt} AND r.days = 0)
   LIMIT ${candidatesMax}`,
);

/** Tells of keys that are older than the rules allow and still work. */
export function tellOverdue(ctx: Context, sealer: Sealer): Promise<void> {
  return tellOnce(ctx, selectOverdue, async (tx, key, { due_at }) => {
    tx.event({ type: 'api_key.overdue', object: key.id, data: eventData(key) });
    const scope = { organization: key.organization_id, mode: key.mode };
    const { on_overdue } = await readKeyPolicy(tx.query, scope);
    const data = { at: due_at, frozen: on_overdue === 'freeze' };
    await tellKeepers(tx, sealer, key, { template: 'api_key_overdue', data });
  });
}
