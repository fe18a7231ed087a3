import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { type Origin, type OwnedToken, ownedToken, ownerValues } from './owner-values.ts';

const update = {
  name: 'token-keep',
  text: `
    WITH kept AS (
      UPDATE tokens SET single_use = false, expires_at = NULL
      WHERE ${ownedToken()} AND single_use AND shredded_at IS NULL AND expires_at > now()
      RETURNING id
    )
    INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id)
    SELECT $2, $3, $4, 'token.keep', id, $5 FROM kept RETURNING 1`,
};

const selectState = {
  name: 'token-keep-state',
  text: `SELECT single_use, expires_at <= now() AS expired FROM tokens WHERE ${ownedToken()}`,
};

/**
 * Makes a token last: a customer wants the card remembered. Doing it twice is doing it once.
 * Throws {@link Refusal}: `not_found`, `token_already_used`, `token_expired`.
 */
export async function keepToken(db: Db, which: OwnedToken, origin: Origin): Promise<void> {
  const values = [...ownerValues(which), origin.actor, origin.requestId];
  const kept = await db.run(update, values);
  if (kept.length > 0) return;
  const [row] = await db.run<{ single_use: boolean; expired: boolean | null }>(
    selectState,
    ownerValues(which),
  );
  if (row === undefined) throw new Refusal('not_found');
  if (!row.single_use) return;
  throw new Refusal(row.expired ? 'token_expired' : 'token_already_used');
}
