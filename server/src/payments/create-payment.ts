import { isCurrency, isId, type schemas } from 'payos-contract';
import { beginTry, type Try } from '../checkout/index.ts';
import { clock } from '../core/clock.ts';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { requireAmount, requireCustomer } from '../core/key-limits.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { ensureCustomer } from '../customers/index.ts';
import { countSpending } from '../keys/index.ts';
import { answerPayment } from './answer-payment.ts';
import type { PaymentDependencies } from './call-processor.ts';
import { type PaymentRow, paymentColumns } from './payment.ts';
import { performAttempt } from './perform-attempt.ts';
import type { OpenAttempt } from './settle-attempt.ts';
import { findSource, type Source } from './source.ts';
import { writeAttempt } from './write-attempt.ts';

const insertPayment = statement(
  'payments.insert',
  `INSERT INTO payments (organization_id, id, mode, status, amount, currency, capture,
     initiated_by, token_id, payment_method_id, customer_id, save_card, card, reference,
     description, metadata, processor, active_attempt_id,
     checkout_session_id, save_fingerprint)
   VALUES ($1, $2, $3, 'processing', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
     $18, $19)
   RETURNING ${paymentColumns}`,
);
/**
 * Collects a payment. The attempt is on disk before the processor hears of it, and its outcome is
 * written in a second transaction; in between only the processor knows, and `processing` says so.
 *
 * @param asked the try of a checkout session, which it takes in the first transaction
 * @throws ApiError `invalid_request`, `not_found`, `token_already_used`, `token_expired`,
 *   `cvc_token_expired`, `vault_unavailable`, and what the caps of the key refuse, before anything
 *   is written
 */
export async function createPayment(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  input: schemas.CreatePayment,
  asked?: Try,
): Promise<schemas.Payment | Reply> {
  const currency = checkInput(ctx, input);
  const perDay = requireAmount(ctx.actor, input.amount, currency);
  const source = await findSource(ctx, deps.vault, input, asked?.session);
  const begunMs = clock.nowMs();
  const { payment, attempt } = await recordIntent(ctx, deps, {
    input,
    currency,
    source,
    perDay,
    asked,
  });
  const saved = payment.payment_method_id !== null;
  const { token_id: token, save_card: retain } = payment;
  const session = asked?.session;
  const card = { token, session, cvcToken: input.cvc_token, retain, saved, begunMs };
  const answer = await performAttempt(ctx, deps, payment, attempt, card, (settled) =>
    answerPayment(settled.payment, ctx.requestId),
  );
  return answer as schemas.Payment | Reply;
}

/** @returns the currency in upper case */
function checkInput(ctx: ScopedContext, input: schemas.CreatePayment): string {
  if (ctx.scope.mode === 'live') throw new ApiError('live_mode_unavailable');
  const currency = input.currency.toUpperCase();
  if (!isCurrency(currency)) {
    throw fieldError(
      '/currency',
      'wrong_value',
      `${currency} is not an active ISO 4217 currency.`,
      'Send a code such as EUR or USD.',
    );
  }
  if ((input.token === undefined) === (input.payment_method === undefined)) {
    throw fieldError(
      '/token',
      'one_of',
      'Exactly one of `token` and `payment_method` says what to charge.',
      'Send a token for a new card, or a payment_method for a saved one.',
    );
  }
  if (input.save_for !== undefined && input.token === undefined) {
    throw fieldError('/save_for', 'conflict', 'A saved card is saved already.', 'Leave it out.');
  }
  checkCode(input);
  return currency;
}

/** Schemes take a security code only from a customer who is there. */
function checkCode({ cvc_token, payment_method, initiated_by }: schemas.CreatePayment): void {
  if (cvc_token === undefined) return;
  if (payment_method === undefined) {
    const why = 'A new card comes with its own security code.';
    throw fieldError('/cvc_token', 'conflict', why, 'Send it with a `payment_method` only.');
  }
  if (initiated_by === 'merchant') {
    const why = 'Whoever typed the security code is the customer.';
    throw fieldError('/initiated_by', 'conflict', why, 'Leave it out.');
  }
}

type Intent = {
  input: schemas.CreatePayment;
  currency: string;
  source: Source;
  perDay: number | undefined;
  asked: Try | undefined;
};

type NewAttempt = OpenAttempt & { kind: 'authorize' };

function authorizationOf(ctx: ScopedContext, payment: string, amount: number): NewAttempt {
  const { organization: organization_id, mode } = ctx.scope;
  const place = { organization_id, mode, payment_id: payment, refund_id: null };
  return { ...place, id: newId('attempt'), kind: 'authorize', amount };
}

async function recordIntent(
  ctx: ScopedContext,
  deps: PaymentDependencies,
  { input, currency, source, perDay, asked }: Intent,
): Promise<{ payment: PaymentRow; attempt: NewAttempt }> {
  const id = newId('payment');
  const attempt = authorizationOf(ctx, id, input.amount);
  const note = {
    action: 'payment.create',
    object: id,
    details: { amount: input.amount, currency, attempt: attempt.id },
  };
  const reference = customerReference(input);
  const payment = await mutate(
    ctx,
    {
      permission: 'payments:write',
      part: ctx.idempotency === undefined ? 'none' : { first: id },
      audit: [reference, perDay, asked].every((one) => one === undefined) ? note : () => note,
    },
    async (tx) => {
      if (asked !== undefined) await beginTry(tx, ctx.scope, asked, id);
      const known = source.customer ?? asked?.customer ?? null;
      const customer =
        reference === undefined ? known : await ensureCustomer(tx, ctx.scope, reference);
      requireCustomer(ctx.actor, customer);
      // Nothing may be awaited for a payment whose transaction travels in one packet.
      const counted =
        perDay === undefined
          ? undefined
          : await countSpending(tx, ctx, input.amount, currency, perDay);
      const [rows] = await Promise.all([
        tx.query<PaymentRow>(insertPayment, [
          ...[ctx.scope.organization, id, ctx.scope.mode, input.amount, currency],
          ...[input.capture ?? 'automatic', source.initiatedBy, source.token],
          ...[source.paymentMethod, customer, input.save_for !== undefined],
          ...[JSON.stringify(source.card), input.reference ?? null, input.description ?? null],
          ...[JSON.stringify(input.metadata ?? {}), deps.processor.name, attempt.id],
          asked?.session ?? null,
          input.save_for === undefined ? null : source.fingerprint,
        ]),
        writeAttempt(tx, attempt, deps, counted),
      ]);
      const [row] = rows;
      if (row === undefined) throw new Error('the payment was not inserted');
      return row;
    },
  );
  return { payment, attempt };
}

/** The merchant's own reference of a customer that may have to be created on the way. */
function customerReference({ save_for }: schemas.CreatePayment): string | undefined {
  return save_for === undefined || isId('customer', save_for) ? undefined : save_for;
}
