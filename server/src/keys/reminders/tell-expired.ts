import type { Mode } from 'payos-contract';
import type { Context } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import { mutate } from '../../core/mutate.ts';
import { endsAt } from '../ends-at.ts';
import { type ApiKeyRow, apiKeyColumns } from '../key-row.ts';
import { candidatesMax, eventData } from './once.ts';

const selectEnded = statement(
  'keys.ended',
  `SELECT organization_id, id, mode FROM api_keys
   WHERE end_told_at IS NULL AND revoked_at IS NULL AND ${endsAt} <= now()
   LIMIT ${candidatesMax}`,
);
const noteEnd = statement(
  'keys.note_end',
  `UPDATE api_keys SET end_told_at = now()
   WHERE organization_id = $1 AND id = $2 AND end_told_at IS NULL AND revoked_at IS NULL
     AND ${endsAt} <= now()
   RETURNING ${apiKeyColumns}`,
);

type Ended = { organization_id: string; id: string; mode: Mode };

/** Records the end of keys that came to it by time: by their own date, rotation, or the rules. */
export async function tellExpired(ctx: Context): Promise<void> {
  for (const { organization_id: organization, id, mode } of await ctx.db.read<Ended>(selectEnded)) {
    let ended_at: string | null = null;
    await mutate(
      ctx,
      {
        permission: 'system',
        scope: { organization, mode },
        audit: () =>
          ended_at === null
            ? undefined
            : { action: 'api_key.expire', object: id, details: { ended_at } },
      },
      async (tx) => {
        const [row] = await tx.query<ApiKeyRow>(noteEnd, [organization, id]);
        if (row === undefined) return;
        ended_at = row.ends_at;
        tx.event({ type: 'api_key.expired', object: id, data: eventData(row) });
      },
    );
  }
}
