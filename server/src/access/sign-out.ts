import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import { noSessionCookie } from './cookie.ts';
import { noSession } from './describe-session.ts';
import { organizationsOf } from './whose.ts';

const endOwn = statement(
  'sessions.sign_out',
  `UPDATE sessions SET ended_at = now(), ended_reason = 'signed_out'
   WHERE id = $1 AND ended_at IS NULL`,
);

/** Ends the session of this client, finished or not. */
export async function signOut(ctx: Context, canMail: boolean): Promise<Reply> {
  const { id, account } = sessionOf(ctx);
  await mutate<string[]>(
    ctx,
    {
      permission: 'sign_in',
      audit: (organizations) => ({
        action: 'session.end',
        object: id,
        details: { reason: 'signed_out' },
        where: { organizations },
      }),
    },
    async (tx) => {
      await tx.query(endOwn, [id]);
      return organizationsOf(tx, account);
    },
  );
  return new Reply(200, noSession(canMail), noSessionCookie());
}
