import type { BinTable } from '../cards/bins.ts';
import { displayOf } from '../cards/display.ts';
import type { Db } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import type { KekStore } from '../seal/kek-store.ts';
import { tryOpenCard } from '../seal/open-card.ts';
import { type Origin, type OwnedToken, ownedToken, ownerValues } from './owner-values.ts';

export type CardFactsDeps = { db: Db; keks: KekStore; bins: BinTable; log: Log };

const selectWithout = {
  name: 'token-without-facts',
  text: `SELECT sealed FROM tokens JOIN cards ON token_id = id
         WHERE ${ownedToken()} AND shredded_at IS NULL AND funding IS NULL AND country IS NULL`,
};
const update = {
  name: 'token-add-facts',
  text: `
    WITH told AS (
      UPDATE tokens SET funding = $6, country = $7
      WHERE ${ownedToken()} AND shredded_at IS NULL AND funding IS NULL AND country IS NULL
      RETURNING id
    )
    INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id, detail)
    SELECT $2, $3, $4, 'token.keep', id, $5, 'funding and country' FROM told`,
};

/**
 * Adds funding and country to a card that was stored before there was a table of BINs, or before it
 * knew the card's. A card that does not open stays as it is.
 */
export async function addCardFacts(
  deps: CardFactsDeps,
  which: OwnedToken,
  origin: Origin,
): Promise<void> {
  const [found] = await deps.db.run<{ sealed: Buffer }>(selectWithout, ownerValues(which));
  if (found === undefined) return;
  const owner = { organization: which.organization, mode: which.mode };
  const card = await tryOpenCard(deps, owner, which.token, found.sealed);
  if (card === undefined) return;
  const { funding, country } = displayOf(card, deps.bins);
  card.wipe();
  if (funding === null && country === null) return;
  const values = [...ownerValues(which), origin.actor, origin.requestId, funding, country];
  await deps.db.run(update, values);
}
