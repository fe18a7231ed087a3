import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { isWithin } from './ranges.ts';
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

const selectRanges = statement(
  'sessions.ranges_of',
  'SELECT ip_ranges FROM security_policies WHERE organization_id = $1',
);

/**
 * Goes on in another organization of the same person.
 *
 * @throws ApiError `not_found`, `network_refused`
 */
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
      const [rules] = await tx.query<{ ip_ranges: string[] }>(selectRanges, [organization]);
      const inside = isWithin(rules?.ip_ranges ?? [], ctx.address ?? '');
      const moved = await tx.query(moveSession, [id, tokenHash, organization, hash]);
      if (moved.length > 0 && inside) return;
      // Only a member is told that the organization has such a rule.
      if (moved.length > 0) throw new ApiError('network_refused');
      const detail =
        'You belong to no such organization, or your sessions there were ended: sign in anew.';
      throw new ApiError('not_found', { detail });
    },
  );
  return answerSession(ctx, deps, plain);
}
