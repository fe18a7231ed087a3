import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { newToken } from './token.ts';

const moveSession = statement(
  'sessions.move',
  `UPDATE sessions SET organization_id = $3, token_hash = $4, last_used_at = now()
   WHERE id = $1 AND token_hash = $2 AND ended_at IS NULL AND EXISTS (
     SELECT FROM members m WHERE m.organization_id = $3
       AND m.account_id = sessions.account_id AND m.status = 'active'
       AND (m.sessions_valid_after IS NULL OR sessions.created_at > m.sessions_valid_after))
   RETURNING id`,
);

/** Goes on in another organization of the same person. @throws ApiError `not_found` */
export async function switchOrganization(
  ctx: Context,
  deps: AccessDependencies,
  organization: string,
): Promise<Reply> {
  const { id, tokenHash } = sessionOf(ctx);
  const { plain, hash } = newToken();
  await mutate<void>(
    ctx,
    {
      permission: 'account',
      audit: () => ({
        action: 'session.switch_organization',
        object: id,
        where: { organization, mode: null },
      }),
    },
    async (tx) => {
      const moved = await tx.query(moveSession, [id, tokenHash, organization, hash]);
      if (moved.length > 0) return;
      const detail =
        'You belong to no such organization, or your sessions there were ended: sign in anew.';
      throw new ApiError('not_found', { detail });
    },
  );
  return answerSession(ctx, deps, plain);
}
