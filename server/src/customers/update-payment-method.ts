import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { secretId } from '../core/random.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type PaymentMethodRow, paymentMethodColumns, toPaymentMethod } from './customer.ts';
import { chargeableCard } from './payment-methods.ts';
import { retireToken } from './retired-tokens.ts';
import { keepCard } from './settle-cards.ts';

/** The number stays, and so does what is known by it: it may be another's of the customer. */
const replaceToken = statement(
  'payment_methods.replace_token',
  `UPDATE payment_methods
   SET token_id = $5, card = $6, kept_at = NULL, updated_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND token_id = $4 AND deleted_at IS NULL
   RETURNING ${paymentMethodColumns}`,
);

/** Of several changes at once, each is made on what the one before left. */
const triesMax = 5;

/**
 * Changes expiry or name of a saved card. The vault seals the card anew under another token, which
 * takes the place of the former one in one statement; until then the former one works, and a token
 * that nobody took goes by itself.
 *
 * @throws ApiError `not_found`, `card_expired`, `invalid_card`, `vault_unavailable`
 */
export async function updatePaymentMethod(
  ctx: ScopedContext,
  vault: VaultClient,
  id: string,
  input: schemas.UpdatePaymentMethod,
): Promise<schemas.PaymentMethod> {
  for (let tries = 1; tries <= triesMax; tries += 1) {
    const saved = await chargeableCard(ctx, vault, id);
    requireChange(input);
    const { exp_month = saved.card.exp_month, exp_year = saved.card.exp_year, name } = input;
    const isSame = exp_month === saved.card.exp_month && exp_year === saved.card.exp_year;
    if (isSame && name === undefined) return toPaymentMethod(saved, 'shown');
    const details = { exp_month, exp_year, ...(name === undefined ? {} : { name }) };
    const replaced = await replace(ctx, vault, saved, details);
    if (replaced !== undefined) return toPaymentMethod(replaced, 'shown');
  }
  throw new ApiError('idempotency_conflict', { detail: 'The card is being changed by others.' });
}

function requireChange(input: schemas.UpdatePaymentMethod): void {
  if (Object.keys(input).length > 0) return;
  const why = 'Nothing says what to change.';
  throw fieldError('', 'required', why, 'Send `exp_month` and `exp_year`, or `name`.');
}

type Details = { exp_month: number; exp_year: number; name?: string };

/** What is wrong with the change; the card is not, and is not to be asked for again. */
function told(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.code === 'card_expired') {
    return new ApiError('card_expired', {
      detail: 'This expiry is in the past. The card was not changed.',
      fix: 'Send `exp_month` and `exp_year` as they stand on the card that the customer has now.',
      param: 'exp_month',
    });
  }
  if (error.code === 'invalid_card') {
    return new ApiError('invalid_card', {
      detail: 'This is not the name on a card. The card was not changed.',
      fix: 'Send a `name` of 1 to 100 characters, without control characters or numbers.',
      param: 'name',
    });
  }
  return error;
}

/** Nothing, if somebody else was faster. */
async function replace(
  ctx: ScopedContext,
  vault: VaultClient,
  saved: PaymentMethodRow,
  details: Details,
): Promise<PaymentMethodRow | undefined> {
  const { organization, mode } = ctx.scope;
  const token = secretId('token');
  const renewed = await vault
    .renew(ctx.scope, { token: saved.token_id, new_token: token, ...details }, ctx.requestId)
    .catch((error: unknown) => {
      // Replaced or deleted since it was read: the next try tells which.
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw told(error);
    });
  if (renewed === undefined) return undefined;
  const { exp_month, exp_year, name } = details;
  const note = { exp_month, exp_year, ...(name === undefined ? {} : { name: 'changed' }) };
  let row: PaymentMethodRow | undefined;
  await mutate(
    ctx,
    {
      permission: 'customers:write',
      audit: () => row && { action: 'payment_method.update', object: saved.id, details: note },
    },
    async (tx) => {
      [row] = await tx.query<PaymentMethodRow>(replaceToken, [
        ...[organization, mode, saved.id, saved.token_id, token],
        JSON.stringify(renewed.card),
      ]);
      if (row === undefined) return;
      await retireToken(tx, saved);
      const data = toPaymentMethod(row);
      tx.event({ type: 'payment_method.updated', object: row.id, data });
    },
  );
  if (row !== undefined) await keepCard(ctx, vault, row);
  else await vault.shred(ctx.scope, token);
  return row;
}
