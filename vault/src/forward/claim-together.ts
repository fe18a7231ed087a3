import { createBatch } from '../core/batch.ts';
import { type Db, sqlState } from '../core/db.ts';
import { type Origin, ownedToken, paysFor } from '../tokens/owner-values.ts';
import { type ClaimCard, claimCard, type ForwardOrder } from './claim.ts';

/**
 * What `forward-claim` does, for several attempts with tokens that are no saved cards. Of two that
 * want the same token, one gets a row.
 *
 * The rows are named by lists of ids and all other conditions are out of the planner's sight, so
 * that nothing but their primary keys can lead to them: joins would be planned for tables as small
 * as they happen to be then, and read all of them for ever after.
 */
const claimMany = {
  name: 'forwards-claim',
  text: `
    WITH asked AS (
      SELECT * FROM json_to_recordset($1) AS (token text, organization text, of_mode text,
        attempt text, retain boolean, host text, of_session text, actor text, request text)
    ), token AS (
      UPDATE tokens SET used_at = now(), claimed_by = attempt,
        expires_at = CASE WHEN retain THEN now() + interval '24 hours' ELSE expires_at END
      FROM asked
      WHERE id = ANY (ARRAY (SELECT token FROM asked))
        AND ${ownedToken('token', 'organization', 'of_mode')}
        AND CASE WHEN shredded_at IS NULL AND (used_at IS NULL OR NOT single_use)
                   AND (single_use OR NOT retain) AND ${paysFor('of_session')}
                 THEN expires_at > now() END
      RETURNING id, organization_id, mode, attempt, retain, host, actor, request
    ), forward AS (
      INSERT INTO forwards (attempt_id, organization_id, mode, token_id, retain, host)
      SELECT attempt, organization_id, mode, id, retain, host FROM token
    ), audit AS (
      INSERT INTO audit_log
        (organization_id, mode, actor, action, token_id, attempt_id, request_id, detail)
      SELECT organization_id, mode, actor, 'card.forward', id, attempt, request, host FROM token
    )
    SELECT attempt, sealed FROM token JOIN cards ON token_id = id
    WHERE token_id = ANY (ARRAY (SELECT id FROM token))`,
};

type Claim = { order: ForwardOrder; origin: Origin };
type Taken = { attempt: string; sealed: Buffer };
/** What became of a claim; `undefined`: it has to be made alone. */
type Claimed = { sealed: Buffer | undefined } | undefined;

const most = 32;
const patienceMs = 50;

/**
 * Attempts that come while others are being claimed share the next statement. Each is still claimed
 * together with its token or not at all, and nothing is sent before the statement has committed.
 * Who gets nothing from it, because the token is used or the attempt is known, asks again alone,
 * and is told why.
 */
export function createClaims(db: Db): ClaimCard {
  const together = createBatch<Claim, Claimed>({
    most,
    trips: 1,
    patienceMs,
    work: async (claims) => {
      const [first] = claims;
      if (claims.length > 1 || first === undefined) return claimTogether(db, claims);
      return [{ sealed: await claimCard(db, first.order, first.origin) }];
    },
  });
  return async (order, origin) => {
    // One row cannot be changed twice by a statement, and a saved card may be wanted by several.
    const claimed = order.saved ? undefined : await together({ order, origin });
    return claimed === undefined ? claimCard(db, order, origin) : claimed.sealed;
  };
}

async function claimTogether(db: Db, claims: readonly Claim[]): Promise<Claimed[]> {
  const asked = claims.map(({ order, origin }) => {
    const { token, organization, mode: of_mode, attempt, retain, host } = order;
    const { session: of_session } = order;
    const { actor, requestId: request } = origin;
    return { token, organization, of_mode, attempt, retain, host, of_session, actor, request };
  });
  // In the same order in every statement, so that no two wait for each other.
  asked.sort((a, b) => (a.token < b.token ? -1 : 1));
  const rows = await db
    .run<Taken>(claimMany, [JSON.stringify(asked)])
    .catch((error: unknown): Taken[] => {
      // PostgreSQL refused one of them, and did nothing: that must not be the end of the others.
      if (sqlState(error) === undefined) throw error;
      return [];
    });
  const taken = new Map(rows.map(({ attempt, sealed }) => [attempt, sealed]));
  return claims.map(({ order }) => {
    const sealed = taken.get(order.attempt);
    // Whoever asks twice for the same attempt gets the card once.
    taken.delete(order.attempt);
    return sealed && { sealed };
  });
}
