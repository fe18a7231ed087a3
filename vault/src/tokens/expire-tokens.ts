import type { Db } from '../core/db.ts';

const batch = 200;

/** Small batches and SKIP LOCKED: the sweeper never stands in a payment's way. */
const expire = {
  name: 'tokens-expire',
  text: `
    WITH due AS (
      SELECT id FROM tokens WHERE shredded_at IS NULL AND expires_at <= now()
      ORDER BY expires_at LIMIT ${batch} FOR UPDATE SKIP LOCKED
    ), token AS (
      UPDATE tokens SET shredded_at = now(), fingerprint = NULL FROM due WHERE tokens.id = due.id
      RETURNING tokens.id, organization_id, mode
    ), card AS (
      DELETE FROM cards USING token WHERE token_id = token.id
    )
    INSERT INTO audit_log (organization_id, mode, actor, action, token_id)
    SELECT organization_id, mode, 'payos-vault', 'token.expire', id FROM token RETURNING 1`,
};

const forgetKeys = {
  name: 'idempotency-forget',
  text: `
    DELETE FROM idempotency_keys WHERE (organization_id, mode, key) IN (
      SELECT organization_id, mode, key FROM idempotency_keys
      WHERE created_at < now() - interval '24 hours'
      ORDER BY created_at LIMIT ${batch} FOR UPDATE SKIP LOCKED
    ) RETURNING 1`,
};

/**
 * Forwards that nobody finished, because the process died while one was under way or the database
 * was away when the answer came. Longer than the longest deadline of a forward, their outcome is
 * unknown for good, and a single-use card is shredded as after any other use.
 */
const finishLost = {
  name: 'forwards-finish-lost',
  text: `
    WITH due AS (
      SELECT attempt_id FROM forwards
      WHERE state = 'sending' AND created_at < now() - interval '5 minutes'
      ORDER BY created_at LIMIT ${batch} FOR UPDATE SKIP LOCKED
    ), lost AS (
      UPDATE forwards SET state = 'unknown', detail = 'not_finished', finished_at = now()
      FROM due WHERE forwards.attempt_id = due.attempt_id
      RETURNING forwards.attempt_id, organization_id, mode, token_id, retain
    ), token AS (
      UPDATE tokens SET shredded_at = now(), fingerprint = NULL FROM lost
      WHERE id = token_id AND NOT retain AND single_use AND shredded_at IS NULL
        AND claimed_by = attempt_id
      RETURNING id
    ), card AS (
      DELETE FROM cards USING token WHERE token_id = token.id
    )
    INSERT INTO audit_log
      (organization_id, mode, actor, action, token_id, attempt_id, detail)
    SELECT organization_id, mode, 'payos-vault', 'card.forward.finish', token_id, attempt_id,
           'unknown not_finished'
    FROM lost RETURNING 1`,
};

/** What is due, in batches until nothing is. Answers how many rows were dealt with. */
export async function sweep(db: Db): Promise<number> {
  let total = 0;
  for (const statement of [expire, finishLost, forgetKeys]) {
    let count = batch;
    while (count === batch) {
      count = (await db.run(statement, [])).length;
      total += count;
    }
  }
  return total;
}
