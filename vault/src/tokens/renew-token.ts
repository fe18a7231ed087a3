import type { schemas } from 'payos-contract';
import type { BinTable } from '../cards/bins.ts';
import { Card } from '../cards/card.ts';
import { displayOf } from '../cards/display.ts';
import { checkDetails } from '../cards/parse-card.ts';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';
import { openCard } from '../seal/open-card.ts';
import { sealRecord } from '../seal/record.ts';
import { describeTokens } from './describe-tokens.ts';
import { type Origin, ownedToken, ownerValues } from './owner-values.ts';
import { underActiveKey } from './under-active-key.ts';

export type RenewTokenDeps = { db: Db; keks: KekStore; bins: BinTable; clock: () => number };

const selectSealed = {
  name: 'token-renew-source',
  text: `SELECT sealed FROM tokens JOIN cards ON token_id = id
         WHERE ${ownedToken()} AND NOT single_use AND expires_at IS NULL
           AND shredded_at IS NULL`,
};

/**
 * As after a payment that saves its card: used, and waiting for a day to be kept. Nobody ends the
 * token that it comes from meanwhile, and with it the fingerprint.
 */
const insert = {
  name: 'token-renew',
  text: `
    WITH source AS (
      SELECT fingerprint FROM tokens
      WHERE ${ownedToken('$14')} AND NOT single_use AND shredded_at IS NULL FOR SHARE
    ), token AS (
      INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                          funding, country, fingerprint, created_at, used_at, expires_at)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, fingerprint, now(), now(),
             now() + interval '24 hours' FROM source
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), card AS (
      INSERT INTO cards (token_id, sealed) SELECT id, $11 FROM token
    )
    INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id, detail)
    SELECT $2, $3, $12, 'token.renew', id, $13, 'of ' || $14::text FROM token`,
};

/**
 * Seals a saved card anew with another expiry or name, under a new token: a sealed card is never
 * changed. The card that it was stays until it is deleted, and the new one goes by itself after a
 * day, unless it is kept: whoever dies in between leaves one card that works. Doing it twice with
 * the same new token is doing it once.
 *
 * Throws {@link Refusal}: `not_found`, `card_expired`, `invalid_card`.
 */
export async function renewToken(
  deps: RenewTokenDeps,
  order: schemas.RenewToken,
  origin: Origin,
): Promise<schemas.TokenDescription> {
  const { organization, mode, token, new_token } = order;
  const owner: Owner = { organization, mode };
  checkDetails(order, deps.clock());
  const [source] = await deps.db.run<{ sealed: Buffer }>(selectSealed, ownerValues(order));
  if (source === undefined) throw new Refusal('not_found');
  const card = await openCard(deps.keks, owner, token, source.sealed);
  const renewed = new Card(
    card.useNumber((digits) => Buffer.from(digits)),
    order.exp_month,
    order.exp_year,
    order.name ?? card.name,
  );
  try {
    await store(deps, owner, renewed, order, origin);
  } finally {
    card.wipe();
    renewed.wipe();
  }
  const [described] = await describeTokens(deps.db, [{ ...owner, token: new_token }]);
  // Another's token has this id.
  if (!described) throw new Refusal('not_found');
  return described;
}

async function store(
  { db, keks, bins }: RenewTokenDeps,
  owner: Owner,
  card: Card,
  { token, new_token }: schemas.RenewToken,
  { actor, requestId }: Origin,
): Promise<void> {
  const { brand, last4, bin, exp_month, exp_year, funding, country } = displayOf(card, bins);
  const place = { ...owner, token: new_token, recordType: 'card' as const };
  const seal = async () => {
    const plain = card.toBytes();
    const sealed = sealRecord(await keks.current(owner, 'card'), place, plain);
    plain.fill(0);
    return sealed;
  };
  await underActiveKey(keks, owner, async () =>
    db.run(insert, [
      ...[new_token, owner.organization, owner.mode, brand, last4, bin, exp_month, exp_year],
      ...[funding, country, await seal(), actor, requestId, token],
    ]),
  );
}
