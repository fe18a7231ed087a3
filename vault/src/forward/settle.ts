import type { schemas } from 'payos-contract';
import type { Db } from '../core/db.ts';

/**
 * Records what became of an attempt. If it may have reached the processor, a single-use card that
 * nobody wants kept is shredded; the token's row stays and says that it was used.
 *
 * `finished_at IS NULL` says `state = 'sending'` in words that the partial index of open forwards
 * does not know: the planner preferred it to the primary key, and walked its dead entries.
 */
const finish = {
  name: 'forward-finish',
  text: `
    WITH forward AS (
      UPDATE forwards SET state = $2, status = $3, detail = $4, finished_at = now()
      WHERE attempt_id = $1 AND finished_at IS NULL
      RETURNING attempt_id, organization_id, mode, token_id, retain
    ), token AS (
      UPDATE tokens SET shredded_at = now(), fingerprint = NULL FROM forward
      WHERE id = token_id AND NOT retain AND single_use AND shredded_at IS NULL
      RETURNING id
    ), card AS (
      DELETE FROM cards USING token WHERE token_id = token.id
    )
    INSERT INTO audit_log
      (organization_id, mode, actor, action, token_id, attempt_id, request_id, detail)
    SELECT organization_id, mode, $5, 'card.forward.finish', token_id, attempt_id, $6,
           concat_ws(' ', $2::text, $3::text, $4::text)
    FROM forward RETURNING 1`,
};

/** Nothing was sent: the token is as it was before, for another attempt. */
const release = {
  name: 'forward-release',
  text: `
    WITH forward AS (
      UPDATE forwards SET state = 'not_sent', detail = $2, finished_at = now()
      WHERE attempt_id = $1 AND finished_at IS NULL
      RETURNING attempt_id, organization_id, mode, token_id
    ), token AS (
      UPDATE tokens SET used_at = NULL, claimed_by = NULL,
                        expires_at = created_at + interval '1 hour'
      FROM forward
      WHERE id = token_id AND claimed_by = attempt_id AND single_use AND shredded_at IS NULL
    )
    INSERT INTO audit_log
      (organization_id, mode, actor, action, token_id, attempt_id, request_id, detail)
    SELECT organization_id, mode, $3, 'card.forward.finish', token_id, attempt_id, $4,
           concat_ws(' ', 'not_sent', $2::text)
    FROM forward RETURNING 1`,
};

export async function settleForward(
  db: Db,
  attempt: string,
  { outcome, status, detail }: schemas.Forwarded,
  { actor, requestId }: { actor: string; requestId: string },
): Promise<void> {
  if (outcome === 'not_sent') await db.run(release, [attempt, detail, actor, requestId]);
  else await db.run(finish, [attempt, outcome, status, detail, actor, requestId]);
}
