import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type PaymentMethodRow, paymentMethodColumns } from './customer.ts';

const selectUnsettled = statement(
  'payment_methods.unsettled',
  `SELECT ${paymentMethodColumns} FROM payment_methods
   WHERE kept_at IS NULL OR (deleted_at IS NOT NULL AND shredded_at IS NULL)
   ORDER BY created_at LIMIT 100`,
);
const markKept = statement(
  'payment_methods.kept',
  'UPDATE payment_methods SET kept_at = now() WHERE organization_id = $1 AND id = $2',
);
const markShredded = statement(
  'payment_methods.shredded',
  `UPDATE payment_methods SET shredded_at = now(), kept_at = coalesce(kept_at, now())
   WHERE organization_id = $1 AND id = $2`,
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
  return rows.length;
}

/** Has the vault keep a card past its first day; on failure the worker tries again. */
export async function keepCard(
  ctx: Context,
  vault: VaultClient,
  row: PaymentMethodRow,
): Promise<void> {
  try {
    await vault.keep({ organization: row.organization_id, mode: row.mode }, row.token_id);
    await run(ctx.db.write, markKept, [row.organization_id, row.id]);
  } catch (error) {
    ctx.log.warn({ err: error, payment_method: row.id }, 'the vault could not keep a card');
  }
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
