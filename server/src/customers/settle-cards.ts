import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';
import { shredRetired } from './retired-tokens.ts';

const selectUnsettled = statement(
  'payment_methods.unsettled',
  `SELECT ${paymentMethodColumns} FROM payment_methods
   WHERE kept_at IS NULL OR (deleted_at IS NOT NULL AND shredded_at IS NULL)
   ORDER BY created_at LIMIT 100`,
);
const markKept = statement(
  'payment_methods.kept',
  `UPDATE payment_methods SET kept_at = now()
   WHERE organization_id = $1 AND id = $2 AND token_id = $3`,
);
const markShredded = statement(
  'payment_methods.shredded',
  `UPDATE payment_methods SET shredded_at = now(), kept_at = coalesce(kept_at, now())
   WHERE organization_id = $1 AND id = $2`,
);

const markLost = statement(
  'payment_methods.lost',
  `UPDATE payment_methods SET deleted_at = now(), shredded_at = now(), kept_at = now(),
     fingerprint = NULL, updated_at = now()
   WHERE organization_id = $1 AND id = $2 AND token_id = $3 AND deleted_at IS NULL
   RETURNING ${paymentMethodColumns}`,
);

/**
 * Tells the vault what became of saved cards: keep this one, shred that one. Both may be said
 * twice, so no transaction spans the call.
 *
 * @returns how many cards there were to tell about
 */
export async function settleCards(ctx: Context, vault: VaultClient): Promise<number> {
  const rows = await ctx.db.read<PaymentMethodRow>(selectUnsettled);
  for (const row of rows) {
    if (row.deleted_at !== null) await shredCard(ctx, vault, row);
    else await keepCard(ctx, vault, row);
  }
  return rows.length + (await shredRetired(ctx, vault));
}

/** Has the vault keep a card past its first day; on failure the worker tries again. */
export async function keepCard(
  ctx: Context,
  vault: VaultClient,
  row: PaymentMethodRow,
): Promise<void> {
  try {
    await vault.keep({ organization: row.organization_id, mode: row.mode }, row.token_id);
    await run(ctx.db.write, markKept, [row.organization_id, row.id, row.token_id]);
  } catch (error) {
    await loseUnlessAway(ctx, row, error);
  }
}

/** What follows when a card could not be kept: the worker tries again, unless it is gone. */
export async function loseUnlessAway(
  ctx: Context,
  row: PaymentMethodRow,
  error: unknown,
): Promise<void> {
  ctx.log.warn({ err: error, payment_method: row.id }, 'the vault could not keep a card');
  // The vault no longer has it: asking for ever would only hold others up.
  if (error instanceof ApiError && error.status < 500) await loseCard(ctx, row);
}

/** A saved card that the vault no longer has is deleted, and its owner told. */
async function loseCard(ctx: Context, row: PaymentMethodRow): Promise<void> {
  const system: Context = { ...ctx, actor: { type: 'system', id: 'cards' } };
  const scope = { organization: row.organization_id, mode: row.mode };
  const audit = () => ({ action: 'payment_method.lose', object: row.id });
  await mutate(system, { permission: 'system', scope, part: 'none', audit }, async (tx) => {
    const values = [row.organization_id, row.id, row.token_id];
    const [lost] = await tx.query<PaymentMethodRow>(markLost, values);
    if (lost === undefined) return;
    const data = toPaymentMethod(lost);
    tx.event({ type: 'payment_method.deleted', object: lost.id, data });
  });
}

/** Shreds a deleted card in the vault; on failure the worker tries again. */
export async function shredCard(
  ctx: Context,
  vault: VaultClient,
  row: PaymentMethodRow,
): Promise<void> {
  try {
    await vault.shred({ organization: row.organization_id, mode: row.mode }, row.token_id);
    await run(ctx.db.write, markShredded, [row.organization_id, row.id]);
  } catch (error) {
    ctx.log.warn({ err: error, payment_method: row.id }, 'the vault could not shred a card');
  }
}
