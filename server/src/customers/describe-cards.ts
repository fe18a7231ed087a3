import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';
import { loseUnlessAway } from './settle-cards.ts';

const selectUndescribed = statement(
  'payment_methods.undescribed',
  `SELECT ${paymentMethodColumns} FROM payment_methods
   WHERE NOT described AND deleted_at IS NULL AND kept_at IS NOT NULL
   ORDER BY created_at LIMIT 100`,
);
/**
 * A customer may have saved the same card twice before that was noticed. Merchants know both, so
 * both stay: the fingerprint goes to the first.
 */
const describe = statement(
  'payment_methods.describe',
  `UPDATE payment_methods AS m SET described = true, updated_at = now(),
     card = m.card || jsonb_build_object('funding', $5::text, 'country', $6::text),
     fingerprint = CASE WHEN EXISTS (
       SELECT FROM payment_methods AS same
       WHERE same.organization_id = $1 AND same.mode = $2 AND same.customer_id = m.customer_id
         AND same.fingerprint = $4 AND same.deleted_at IS NULL AND same.id <> m.id
     ) THEN NULL ELSE $4 END
   WHERE organization_id = $1 AND mode = $2 AND token_id = $3 AND deleted_at IS NULL
     AND NOT described
   RETURNING ${paymentMethodColumns}`,
);

/**
 * Gives saved cards from before there were fingerprints what is shown of others. The vault is told
 * to keep them, which it does already, and answers what may be shown of them.
 *
 * @returns how many cards there were
 */
export async function describeCards(ctx: Context, vault: VaultClient): Promise<number> {
  const rows = await ctx.db.read<PaymentMethodRow>(selectUndescribed);
  for (const row of rows) {
    try {
      await describeCard(ctx, vault, row);
    } catch (error) {
      await loseUnlessAway(ctx, row, error);
    }
  }
  return rows.length;
}

async function describeCard(ctx: Context, vault: VaultClient, row: PaymentMethodRow) {
  const scope = { organization: row.organization_id, mode: row.mode };
  const { card, fingerprint } = await vault.keep(scope, row.token_id);
  const system: Context = { ...ctx, actor: { type: 'system', id: 'cards' } };
  const audit = () => ({ action: 'payment_method.describe', object: row.id });
  await mutate(system, { permission: 'system', scope, part: 'none', audit }, async (tx) => {
    const facts = [fingerprint, card.funding, card.country];
    const values = [scope.organization, scope.mode, row.token_id, ...facts];
    const [described] = await tx.query<PaymentMethodRow>(describe, values);
    if (described === undefined) return;
    const data = toPaymentMethod(described);
    tx.event({ type: 'payment_method.updated', object: row.id, data });
  });
}
