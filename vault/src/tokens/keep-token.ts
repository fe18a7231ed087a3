import type { schemas } from 'payos-contract';
import { Refusal } from '../core/problem.ts';
import { addCardFacts, type CardFactsDeps } from './add-card-facts.ts';
import { describeTokens } from './describe-tokens.ts';
import { type Origin, type OwnedToken, ownedToken, ownerValues } from './owner-values.ts';

const update = {
  name: 'token-keep',
  text: `
    WITH kept AS (
      UPDATE tokens SET single_use = false, expires_at = NULL
      WHERE ${ownedToken()} AND single_use AND shredded_at IS NULL AND expires_at > now()
        AND (checkout_session IS NULL OR used_at IS NOT NULL)
      RETURNING id
    )
    INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id)
    SELECT $2, $3, $4, 'token.keep', id, $5 FROM kept RETURNING 1`,
};

const selectState = {
  name: 'token-keep-state',
  text: `SELECT expires_at IS NULL AS kept, expires_at <= now() AS expired
         FROM tokens WHERE ${ownedToken()}`,
};

/**
 * Makes a token last: a customer wants the card remembered. One of a checkout session has to have
 * paid that before. Answers what may be shown of it. Doing
 * it twice is doing it once, but that a card which was kept before the table of BINs knew it is
 * looked up again. Throws {@link Refusal}: `not_found`, `token_already_used`, `token_expired`.
 */
export async function keepToken(
  deps: CardFactsDeps,
  which: OwnedToken,
  origin: Origin,
): Promise<schemas.TokenDescription> {
  const values = [...ownerValues(which), origin.actor, origin.requestId];
  const kept = await deps.db.run(update, values);
  if (kept.length === 0) {
    await requireKept(deps.db, which);
    await addCardFacts(deps, which, origin);
  }
  const [described] = await describeTokens(deps.db, [which]);
  if (!described) throw new Refusal('not_found');
  return described;
}

async function requireKept(db: CardFactsDeps['db'], which: OwnedToken): Promise<void> {
  const [row] = await db.run<{ kept: boolean; expired: boolean | null }>(
    selectState,
    ownerValues(which),
  );
  if (row === undefined) throw new Refusal('not_found');
  if (row.kept) return;
  throw new Refusal(row.expired ? 'token_expired' : 'token_already_used');
}
