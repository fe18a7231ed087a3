import { formatAmount, type schemas } from 'payos-contract';
import type { Actor } from './context.ts';
import { ApiError } from './errors.ts';

/** What an API key may ask for, beyond what its permissions say. */
export type KeyLimits = {
  /** Empty: every amount in every currency. Otherwise other currencies are refused. */
  readonly amounts: readonly schemas.AmountLimit[];
  /** Empty: bound to none in particular. */
  readonly customers: readonly string[];
  /** Under whose id its day is counted: the first of the keys that came of each other. */
  readonly spendingKey: string;
};

/**
 * Holds an amount against the caps of the key that asks for it.
 *
 * @param amount in minor units
 * @returns the cap per day that is left to be counted, in minor units; undefined without one
 * @throws ApiError `key_currency_refused`, `key_amount_exceeded`
 */
export function requireAmount(actor: Actor, amount: number, currency: string): number | undefined {
  const limits = limitsOf(actor)?.amounts ?? [];
  if (limits.length === 0) return undefined;
  const limit = limits.find((one) => one.currency === currency);
  if (limit === undefined) {
    const detail = `It may take ${limits.map((one) => one.currency).join(', ')}.`;
    throw new ApiError('key_currency_refused', { detail, param: 'currency' });
  }
  const { per_payment, per_day } = limit;
  if (per_payment !== null && amount > per_payment) {
    const detail = `At most ${formatAmount(per_payment, currency)} in one payment or refund.`;
    throw new ApiError('key_amount_exceeded', { detail, param: 'amount' });
  }
  return per_day ?? undefined;
}

/** @throws ApiError `key_customer_refused` unless the key is bound to this customer, or to none */
export function requireCustomer(actor: Actor, customer: string | null | undefined): void {
  if (isUnbound(actor)) return;
  if (customer && limitsOf(actor)?.customers.includes(customer)) return;
  const detail = customer
    ? `This API key is not bound to ${customer}.`
    : 'This API key is bound to certain customers: name one of them.';
  throw new ApiError('key_customer_refused', { detail });
}

/** Whether the actor may touch everything that its permissions reach, of whatever customer. */
export function isUnbound(actor: Actor): boolean {
  return (limitsOf(actor)?.customers ?? []).length === 0;
}

/** Under whose id what the actor asks for in a day is counted. */
export function spendingKeyOf(actor: Actor): string {
  return limitsOf(actor)?.spendingKey ?? actor.id;
}

function limitsOf(actor: Actor): KeyLimits | undefined {
  return actor.type === 'api_key' || actor.type === 'checkout_session' ? actor.limits : undefined;
}
