import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { endSessions } from './end-sessions.ts';
import { organizationsOf } from './whose.ts';

const endOne = statement(
  'sessions.end_one',
  `UPDATE sessions SET ended_at = now(), ended_reason = 'ended_by_owner'
   WHERE id = $1 AND account_id = $2 AND ended_at IS NULL RETURNING id`,
);

type Outcome = { ended: number; organizations: string[] };

/** Ends one session of the person who asks. @throws ApiError `not_found` */
export async function endOwnSession(ctx: Context, id: string): Promise<{ ended: number }> {
  const { account } = sessionOf(ctx);
  const { ended } = await mutate<Outcome>(
    ctx,
    {
      permission: 'account',
      audit: ({ organizations }) => ({
        action: 'session.end',
        object: id,
        details: { reason: 'ended_by_owner' },
        where: { organizations },
      }),
    },
    async (tx) => {
      const rows = await tx.query(endOne, [id, account]);
      if (rows.length === 0) throw new ApiError('not_found', { detail: 'No such open session.' });
      return { ended: rows.length, organizations: await organizationsOf(tx, account) };
    },
  );
  return { ended };
}

/** Ends every session of the person who asks but the one they ask in. */
export async function endOtherSessions(ctx: Context): Promise<{ ended: number }> {
  const { id, account } = sessionOf(ctx);
  const { ended } = await mutate<Outcome>(
    ctx,
    {
      permission: 'account',
      audit: ({ ended, organizations }) => ({
        action: 'session.end_others',
        object: account,
        details: { ended },
        where: { organizations },
      }),
    },
    async (tx) => ({
      ended: await endSessions(tx, { account, except: id }, 'ended_by_owner'),
      organizations: await organizationsOf(tx, account),
    }),
  );
  return { ended };
}
