import type { schemas } from 'payos-contract';
import { endTry } from '../checkout/index.ts';
import type { Context, Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { savePaymentMethod } from '../customers/index.ts';
import { takeBackSpending } from '../keys/index.ts';
import type { AttemptRow, AttemptState } from './attempt.ts';
import { eventOf, type PaymentRow, paymentColumns, toPayment } from './payment.ts';
import type { Outcome } from './processors/processor.ts';
import { type RefundRow, refundColumns, toRefund } from './refund.ts';

const settleAttemptRow = statement(
  'attempts.settle',
  `UPDATE attempts a SET state = $3, processor_reference = $4, decline_code = $5, failure = $6,
     cvc_check = $7, finished_at = CASE WHEN $3 = 'unknown' THEN NULL ELSE now() END,
     resolve_at = now() + $8 * interval '1 millisecond'
   FROM (SELECT state FROM attempts WHERE organization_id = $1 AND id = $2 FOR UPDATE) before
   -- Not "IN ('sending', 'unknown')": the planner would take the index of open attempts for it.
   WHERE a.organization_id = $1 AND a.id = $2
     AND a.state NOT IN ('succeeded', 'declined', 'failed')
   RETURNING before.state`,
);
const lockPayment = statement(
  'payments.lock',
  `SELECT ${paymentColumns} FROM payments WHERE organization_id = $1 AND id = $2 FOR UPDATE`,
);
/** Attempt and payment in one statement: of two that settle the same attempt, one finds a row. */
const settlePayment = statement(
  'payments.settle',
  `WITH attempt AS (
     UPDATE attempts SET state = $3, processor_reference = $4, decline_code = $5, failure = $6,
       cvc_check = $7, finished_at = now()
     WHERE organization_id = $1 AND id = $2 AND state NOT IN ('succeeded', 'declined', 'failed')
     RETURNING payment_id AS settled_id
   )
   UPDATE payments SET status = CASE capture WHEN 'automatic' THEN $8 ELSE $9 END,
     amount_captured = CASE WHEN 'succeeded' = CASE capture WHEN 'automatic' THEN $8 ELSE $9 END
       THEN $10 ELSE amount_captured END,
     processor_reference = coalesce($11, payments.processor_reference),
     decline_code = $5, failure = $6, active_attempt_id = NULL, updated_at = now(),
     save_fingerprint = CASE WHEN $8 = 'failed' THEN NULL ELSE save_fingerprint END
   FROM attempt WHERE organization_id = $1 AND id = settled_id
   RETURNING ${paymentColumns}`,
);
const attachMethod = statement(
  'payments.attach_method',
  `UPDATE payments SET payment_method_id = $3, save_fingerprint = NULL
   WHERE organization_id = $1 AND id = $2
   RETURNING ${paymentColumns}`,
);
const updateRefunded = statement(
  'payments.settle_refund',
  `UPDATE payments SET amount_refund_pending = amount_refund_pending - $3,
     amount_refunded = amount_refunded + $4, updated_at = now()
   WHERE organization_id = $1 AND id = $2`,
);
const updateRefund = statement(
  'refunds.settle',
  `UPDATE refunds SET status = $3, failure = $4, updated_at = now()
   WHERE organization_id = $1 AND id = $2
   RETURNING ${refundColumns}`,
);
const selectRefund = statement(
  'refunds.of_attempt',
  `SELECT ${refundColumns} FROM refunds WHERE organization_id = $1 AND id = $2`,
);

export type Settled = { payment: PaymentRow; refund: RefundRow | undefined };

/** The attempt, as far as settling needs to know it. */
export type OpenAttempt = Pick<
  AttemptRow,
  'id' | 'kind' | 'amount' | 'payment_id' | 'refund_id' | 'organization_id' | 'mode'
>;

const states: Record<Outcome['kind'], AttemptState> = {
  approved: 'succeeded',
  declined: 'declined',
  failed: 'failed',
  unknown: 'unknown',
};

/**
 * The one place where an outcome changes a payment: used by the request that made the call and by
 * the worker that found out later. Whoever comes second changes nothing.
 *
 * @param part `last` when this ends an idempotent request
 * @param resolveAfterMs when to ask again while the outcome is unknown
 */
export async function settleAttempt(
  ctx: Context,
  attempt: OpenAttempt,
  outcome: Outcome,
  options: { part: 'last' | 'none'; resolveAfterMs: number },
  answer: (settled: Settled) => unknown = (settled) => settled,
): Promise<unknown> {
  const scope: Scope = { organization: attempt.organization_id, mode: attempt.mode };
  const { kind, id, payment_id } = attempt;
  let changed = false;
  return mutate(
    ctx,
    {
      permission: kind === 'refund' ? 'refunds:write' : 'payments:write',
      part: options.part,
      scope,
      audit: () => {
        const details = { attempt: id, outcome: outcome.kind };
        return changed
          ? { action: `payment.${kind}.settle`, object: payment_id, details }
          : undefined;
      },
    },
    async (tx) => {
      if (kind !== 'refund' && outcome.kind !== 'unknown') {
        const payment = await closePayment(tx, attempt, kind, outcome);
        changed = payment !== undefined;
        if (payment !== undefined) return answer({ payment, refund: undefined });
      }
      const [updated, locked] = await Promise.all([
        tx.query<{ state: AttemptState }>(settleAttemptRow, [
          ...outcomeValues(attempt, outcome),
          options.resolveAfterMs,
        ]),
        tx.query<PaymentRow>(lockPayment, [scope.organization, payment_id]),
      ]);
      const [payment] = locked;
      if (payment === undefined) throw new Error('an attempt without a payment');
      const [before] = updated;
      // Still unknown is no news: neither an event nor an audit entry for each question.
      changed = before !== undefined && before.state !== states[outcome.kind];
      if (before === undefined) reportLate(ctx, attempt, outcome);
      const settled = changed
        ? await applyOutcome(tx, attempt, payment, outcome)
        : { payment, refund: await refundOf(tx, attempt) };
      return answer(settled);
    },
  );
}

/**
 * The outcome comes after the attempt was closed. The same outcome, found out by the worker and by
 * the request, is nothing; a charge that was given up is for people to look at.
 */
function reportLate(ctx: Context, attempt: OpenAttempt, outcome: Outcome): void {
  if (outcome.kind !== 'approved') return;
  ctx.log.warn({ attempt: attempt.id, kind: attempt.kind }, 'approved after it was settled');
}

async function applyOutcome(
  tx: Tx,
  attempt: OpenAttempt,
  payment: PaymentRow,
  outcome: Outcome,
): Promise<Settled> {
  if (attempt.kind === 'refund') return settleRefund(tx, attempt, payment, outcome);
  tx.event({ type: 'payment.processing', object: payment.id, data: toPayment(payment) });
  return { payment, refund: undefined };
}

type FinalOutcome = Exclude<Outcome, { kind: 'unknown' }>;

/** Settles an attempt of a payment; `undefined` if that was done before. */
async function closePayment(
  tx: Tx,
  attempt: OpenAttempt,
  kind: 'authorize' | 'capture' | 'cancel',
  outcome: FinalOutcome,
): Promise<PaymentRow | undefined> {
  const reference = 'reference' in outcome ? outcome.reference : null;
  const [closed] = await tx.query<PaymentRow>(settlePayment, [
    ...outcomeValues(attempt, outcome),
    nextStatus(kind, 'automatic', outcome),
    nextStatus(kind, 'manual', outcome),
    attempt.amount,
    kind === 'authorize' ? reference : null,
  ]);
  if (closed === undefined) return undefined;
  if (closed.status === 'failed' || closed.status === 'canceled') {
    const { organization_id: organization, id } = closed;
    await takeBackSpending(tx, { organization, payment: id, kind: 'authorize' });
  }
  if (kind === 'capture' && outcome.kind !== 'approved') {
    const { organization_id: organization, payment_id: payment, id } = attempt;
    await takeBackSpending(tx, { organization, payment, kind, id });
  }
  const saves = kind === 'authorize' && outcome.kind === 'approved' && closed.save_card;
  const payment = saves ? await attachSavedCard(tx, closed) : closed;
  tx.event({ type: eventOf(payment.status), object: payment.id, data: toPayment(payment) });
  if (kind === 'authorize') await endTry(tx, payment);
  return payment;
}

async function attachSavedCard(tx: Tx, payment: PaymentRow): Promise<PaymentRow> {
  const method = await savePaymentMethod(tx, payment);
  const values = [payment.organization_id, payment.id, method];
  const [attached] = await tx.query<PaymentRow>(attachMethod, values);
  if (attached === undefined) throw new Error('a locked payment vanished');
  return attached;
}

/** The state machine of a payment: what an outcome of a kind of attempt leads to. */
function nextStatus(
  kind: 'authorize' | 'capture' | 'cancel',
  capture: PaymentRow['capture'],
  outcome: FinalOutcome,
): schemas.PaymentStatus {
  if (kind === 'authorize') {
    if (outcome.kind !== 'approved') return 'failed';
    return capture === 'automatic' ? 'succeeded' : 'requires_capture';
  }
  // A capture or cancel that did not happen leaves the authorization standing.
  if (outcome.kind !== 'approved') return 'requires_capture';
  return kind === 'capture' ? 'succeeded' : 'canceled';
}

async function settleRefund(
  tx: Tx,
  attempt: OpenAttempt,
  payment: PaymentRow,
  outcome: Outcome,
): Promise<Settled> {
  if (outcome.kind === 'unknown') {
    const refund = await refundOf(tx, attempt);
    if (refund) tx.event({ type: 'refund.pending', object: refund.id, data: toRefund(refund) });
    return { payment, refund };
  }
  const done = outcome.kind === 'approved';
  const { organization_id } = payment;
  const failure = 'failure' in outcome ? outcome.failure : done ? null : 'refund_declined';
  const status = done ? 'succeeded' : 'failed';
  const [rows] = await Promise.all([
    tx.query<RefundRow>(updateRefund, [organization_id, attempt.refund_id, status, failure]),
    tx.query(updateRefunded, [
      organization_id,
      payment.id,
      attempt.amount,
      done ? attempt.amount : 0,
    ]),
  ]);
  const [refund] = rows;
  if (refund === undefined) throw new Error('a refund attempt without a refund');
  if (!done) {
    const { id, payment_id } = attempt;
    await takeBackSpending(tx, {
      ...{ organization: organization_id, payment: payment_id },
      ...{ kind: 'refund', id },
    });
  }
  tx.event({ type: `refund.${status}`, object: refund.id, data: toRefund(refund) });
  return { payment, refund };
}

async function refundOf(tx: Tx, attempt: OpenAttempt): Promise<RefundRow | undefined> {
  if (attempt.refund_id === null) return undefined;
  const values = [attempt.organization_id, attempt.refund_id];
  const [refund] = await tx.query<RefundRow>(selectRefund, values);
  return refund;
}

/** Whose attempt, and what became of it: the first seven parameters of both statements. */
function outcomeValues(attempt: OpenAttempt, outcome: Outcome) {
  return [
    attempt.organization_id,
    attempt.id,
    states[outcome.kind],
    'reference' in outcome ? outcome.reference : null,
    outcome.kind === 'declined' ? outcome.declineCode : null,
    outcome.kind === 'failed'
      ? outcome.failure
      : outcome.kind === 'unknown'
        ? outcome.detail
        : null,
    'cvcCheck' in outcome ? outcome.cvcCheck : null,
  ];
}
