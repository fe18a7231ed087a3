import { createBatch } from '../core/batch.ts';
import { type Db, sqlState } from '../core/db.ts';
import type { Origin } from '../tokens/owner-values.ts';
import type { Happened } from './send-claimed.ts';

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

/** The same for several attempts; lists of ids for the reason told at `forwards-claim`. */
const finishMany = {
  name: 'forwards-finish',
  text: `
    WITH asked AS (
      SELECT * FROM json_to_recordset($1)
        AS (attempt text, outcome text, answered smallint, words text, actor text, request text)
    ), forward AS (
      UPDATE forwards SET state = outcome, status = answered, detail = words, finished_at = now()
      FROM asked WHERE attempt_id = ANY (ARRAY (SELECT attempt FROM asked))
        AND attempt_id = attempt AND finished_at IS NULL
      RETURNING attempt_id, organization_id, mode, token_id, retain, asked.*
    ), token AS (
      UPDATE tokens SET shredded_at = now(), fingerprint = NULL
      WHERE id = ANY (ARRAY (SELECT token_id FROM forward WHERE NOT retain))
        AND single_use AND shredded_at IS NULL
      RETURNING id
    ), card AS (
      DELETE FROM cards WHERE token_id = ANY (ARRAY (SELECT id FROM token))
    )
    INSERT INTO audit_log
      (organization_id, mode, actor, action, token_id, attempt_id, request_id, detail)
    SELECT organization_id, mode, actor, 'card.forward.finish', token_id, attempt_id, request,
           concat_ws(' ', outcome, answered::text, words)
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
                        expires_at = created_at + lifetime_s * interval '1 second'
      FROM forward
      WHERE id = token_id AND claimed_by = attempt_id AND single_use AND shredded_at IS NULL
    )
    INSERT INTO audit_log
      (organization_id, mode, actor, action, token_id, attempt_id, request_id, detail)
    SELECT organization_id, mode, $3, 'card.forward.finish', token_id, attempt_id, $4,
           concat_ws(' ', 'not_sent', $2::text)
    FROM forward RETURNING 1`,
};

type Settlement = { attempt: string; happened: Happened; origin: Origin };

/** Records what became of an attempt. */
export type SettleForward = (settlement: Settlement) => Promise<void>;

const most = 32;
const patienceMs = 50;

/** Outcomes that come while others are being recorded share the next statement. */
export function createSettlements(db: Db): SettleForward {
  const together = createBatch<Settlement, void>({
    most,
    trips: 1,
    patienceMs,
    work: async (settlements) => {
      const [first] = settlements;
      if (settlements.length === 1 && first !== undefined) return [await finishOne(db, first)];
      const asked = settlements.map(({ attempt, happened, origin }) => {
        const { outcome, status: answered, detail: words } = happened;
        const { actor, requestId: request } = origin;
        return { attempt, outcome, answered, words, actor, request };
      });
      await db.run(finishMany, [JSON.stringify(asked)]);
      return settlements.map(() => undefined);
    },
  });
  return async (settlement) => {
    const { attempt, happened, origin } = settlement;
    if (happened.outcome === 'not_sent') {
      await db.run(release, [attempt, happened.detail, origin.actor, origin.requestId]);
      return;
    }
    await together(settlement).catch((error: unknown) => {
      if (sqlState(error) === undefined) throw error;
      // PostgreSQL refused one of them: that must not be the end of the others.
      return finishOne(db, settlement);
    });
  };
}

async function finishOne(db: Db, { attempt, happened, origin }: Settlement): Promise<void> {
  const { outcome, status, detail } = happened;
  await db.run(finish, [attempt, outcome, status, detail, origin.actor, origin.requestId]);
}
