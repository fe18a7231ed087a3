import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { mutate } from '../core/mutate.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';
import { shredRetired } from './retired-tokens.ts';
import { shredCard } from './settle-cards.ts';

const markDeleted = statement(
  'payment_methods.delete',
  `UPDATE payment_methods SET deleted_at = now(), fingerprint = NULL, updated_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL
   RETURNING ${paymentMethodColumns}`,
);

/**
 * Deletes a saved card: unusable at once, and shredded in the vault. Should the vault be away,
 * the worker shreds it later.
 */
export async function deletePaymentMethod(
  ctx: ScopedContext,
  vault: VaultClient,
  id: string,
): Promise<{ id: string; deleted: true }> {
  const { organization, mode } = ctx.scope;
  const row = await mutate(
    ctx,
    {
      permission: 'customers:write',
      audit: () => ({ action: 'payment_method.delete', object: id }),
    },
    async (tx) => {
      const [deleted] = await tx.query<PaymentMethodRow>(markDeleted, [organization, mode, id]);
      if (deleted === undefined) throw new ApiError('not_found');
      requireCustomer(ctx.actor, deleted.customer_id);
      const data = toPaymentMethod(deleted);
      tx.event({ type: 'payment_method.deleted', object: id, data });
      return deleted;
    },
  );
  await shredCard(ctx, vault, row);
  await shredRetired(ctx, vault, row);
  return { id, deleted: true };
}
