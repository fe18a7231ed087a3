import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import type { CvcMemory } from '../cvc-memory.ts';
import { type Origin, type OwnedToken, ownerValues } from './owner-values.ts';

/**
 * Everything that was derived from the number goes: the sealed card with its data key, this token's
 * fingerprint, and the keyed hash of the request that made it. The fingerprint lives in the tokens
 * of a card, so it is gone from the database with the last of them.
 */
const shred = {
  name: 'token-delete',
  text: `
    WITH token AS (
      UPDATE tokens SET deleted_at = now(), shredded_at = coalesce(shredded_at, now()),
                        fingerprint = NULL
      WHERE id = $1 AND organization_id = $2 AND mode = $3 AND deleted_at IS NULL
      RETURNING id
    ), card AS (
      DELETE FROM cards USING token WHERE token_id = token.id
    ), request AS (
      UPDATE idempotency_keys SET request_mac = NULL FROM token WHERE token_id = token.id
    )
    INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id)
    SELECT $2, $3, $4, 'token.delete', id, $5 FROM token RETURNING 1`,
};

const selectAny = {
  name: 'token-delete-state',
  text: 'SELECT FROM tokens WHERE id = $1 AND organization_id = $2 AND mode = $3',
};

/** Shreds a card. Doing it twice is doing it once. Throws {@link Refusal} `not_found`. */
export async function deleteToken(
  { db, cvcs }: { db: Db; cvcs: CvcMemory },
  which: OwnedToken,
  origin: Origin,
): Promise<void> {
  const done = await db.run(shred, [...ownerValues(which), origin.actor, origin.requestId]);
  if (done.length === 0 && (await db.run(selectAny, ownerValues(which))).length === 0) {
    throw new Refusal('not_found');
  }
  cvcs.burn(which, which.token);
}
