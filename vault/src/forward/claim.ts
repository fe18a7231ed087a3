import { type Db, sqlState, uniqueViolation } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import {
  type Origin,
  type OwnedToken,
  ownedToken,
  ownerValues,
  paysFor,
} from '../tokens/owner-values.ts';

/**
 * The right to send: the token and the attempt are both taken, in one statement and therefore
 * together or not at all. A second claim of a single-use token waits for the row and then no longer
 * matches; a second claim of an attempt breaks its primary key, which undoes everything. A token
 * that pays several times does so until it expires, and is never retained: two payments that save
 * the card would each make it theirs.
 */
const claim = {
  name: 'forward-claim',
  text: `
    WITH token AS (
      UPDATE tokens SET used_at = now(), claimed_by = $4,
        expires_at = CASE WHEN $5 AND single_use THEN now() + interval '24 hours'
                          ELSE expires_at END
      WHERE ${ownedToken()} AND shredded_at IS NULL
        AND CASE WHEN $9 THEN NOT single_use AND expires_at IS NULL
                 WHEN NOT ${paysFor('$10')} THEN false
                 WHEN single_use THEN used_at IS NULL AND expires_at > now()
                 ELSE NOT $5 AND expires_at > now() END
      RETURNING id
    ), forward AS (
      INSERT INTO forwards (attempt_id, organization_id, mode, token_id, retain, host)
      SELECT $4, $2, $3, id, $5, $6 FROM token
    ), audit AS (
      INSERT INTO audit_log
        (organization_id, mode, actor, action, token_id, attempt_id, request_id, detail)
      SELECT $2, $3, $7, 'card.forward', id, $4, $8, $6 FROM token
    )
    SELECT sealed FROM token JOIN cards ON token_id = id`,
};

const selectState = {
  name: 'forward-claim-state',
  text: `SELECT expires_at <= now() AND (used_at IS NULL OR NOT single_use) AS expired,
           EXISTS (SELECT FROM forwards WHERE attempt_id = $4) AS forwarded
         FROM tokens WHERE ${ownedToken()} AND ($5 OR ${paysFor('$6')})`,
};

export type ForwardOrder = OwnedToken & {
  attempt: string;
  retain: boolean;
  saved: boolean;
  /** The checkout session that is paid; null: none is. */
  session: string | null;
  host: string;
};

/**
 * Takes the token for one attempt and answers the sealed card, or `undefined` if this attempt was
 * forwarded before. Throws {@link Refusal}: `not_found`, `token_already_used`, `token_expired`.
 */
export type ClaimCard = (order: ForwardOrder, origin: Origin) => Promise<Buffer | undefined>;

/** {@link ClaimCard} by a statement of its own. */
export async function claimCard(
  db: Db,
  order: ForwardOrder,
  { actor, requestId }: Origin,
): Promise<Buffer | undefined> {
  const { attempt, retain, saved, session, host } = order;
  const values = [...ownerValues(order), attempt, retain, host, actor, requestId, saved, session];
  try {
    const [row] = await db.run<{ sealed: Buffer }>(claim, values);
    if (row !== undefined) return row.sealed;
  } catch (error) {
    if (sqlState(error) === uniqueViolation) return undefined;
    throw error;
  }
  const [state] = await db.run<{ expired: boolean; forwarded: boolean }>(selectState, [
    ...ownerValues(order),
    ...[attempt, saved, session],
  ]);
  if (state === undefined) throw new Refusal('not_found');
  if (state.forwarded) return undefined;
  throw new Refusal(state.expired && !saved ? 'token_expired' : 'token_already_used');
}
