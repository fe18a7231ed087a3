import { sql } from 'kysely';
import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { listPage, type PageOf } from '../core/page.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';
import { keepCard } from './settle-cards.ts';

const selectPaymentMethod = statement(
  'payment_methods.get',
  `SELECT ${paymentMethodColumns} FROM payment_methods
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL`,
);

/** A saved card that the vault keeps, ready to be charged. @throws ApiError `not_found` */
export async function chargeableCard(
  ctx: ScopedContext,
  vault: VaultClient,
  id: string,
): Promise<PaymentMethodRow> {
  const saved = await findSavedCard(ctx, id);
  // Saved a moment ago: the worker has not told the vault yet.
  if (saved.kept_at === null) await keepCard(ctx, vault, saved);
  return saved;
}

/** A saved card, with the token behind it. @throws ApiError `not_found` */
async function findSavedCard(ctx: ScopedContext, id: string): Promise<PaymentMethodRow> {
  const { organization, mode } = ctx.scope;
  const values = [organization, mode, id];
  const [row] = await ctx.db.read<PaymentMethodRow>(selectPaymentMethod, values);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such payment method.' });
  requireCustomer(ctx.actor, row.customer_id);
  return row;
}

/** A saved card as the API shows it. */
export async function getPaymentMethod(
  ctx: ScopedContext,
  id: string,
): Promise<schemas.PaymentMethod> {
  return toPaymentMethod(await findSavedCard(ctx, id), 'shown');
}

/** Saved cards of this organization and mode, newest first. */
export async function listPaymentMethods(
  ctx: ScopedContext,
  query: schemas.ListPaymentMethods,
): Promise<PageOf<schemas.PaymentMethod>> {
  requireCustomer(ctx.actor, query.customer);
  const page = await listPage<PaymentMethodRow, 'payment_methods'>(
    ctx.db,
    'payment_methods',
    ctx.scope,
    query,
    (rows) => {
      const { customer, fingerprint, last4, brand } = query;
      let kept = rows.where('deleted_at', 'is', null);
      if (customer !== undefined) kept = kept.where('customer_id', '=', customer);
      if (fingerprint !== undefined) kept = kept.where('fingerprint', '=', fingerprint);
      if (last4 !== undefined) kept = kept.where(sql`card ->> 'last4'`, '=', last4);
      if (brand !== undefined) kept = kept.where(sql`card ->> 'brand'`, '=', brand);
      return kept;
    },
  );
  return { ...page, data: page.data.map((row) => toPaymentMethod(row, 'shown')) };
}
