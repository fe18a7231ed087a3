import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { Counted } from '../keys/index.ts';
import { type AttemptKind, attemptColumns } from './attempt.ts';
import type { PaymentDependencies } from './call-processor.ts';
import type { OpenAttempt } from './settle-attempt.ts';

const insertAttempt = statement(
  'attempts.insert',
  `INSERT INTO attempts (organization_id, id, mode, payment_id, refund_id, kind, state, processor,
     amount, resolve_at, capped_key_id, capped_day)
   VALUES ($1, $2, $3, $4, $5, $6, 'sending', $7, $8, now() + $9 * interval '1 millisecond',
     $10, $11)
   RETURNING ${attemptColumns}`,
);

/**
 * Writes an attempt's row: done, and committed, before the processor is called.
 *
 * @param counted where it counts against a cap per day
 */
export async function writeAttempt(
  tx: Tx,
  attempt: OpenAttempt & { kind: AttemptKind },
  deps: PaymentDependencies,
  counted?: Counted | undefined,
): Promise<void> {
  await tx.query(insertAttempt, [
    attempt.organization_id,
    attempt.id,
    attempt.mode,
    attempt.payment_id,
    attempt.refund_id,
    attempt.kind,
    deps.processor.name,
    attempt.amount,
    // Past the deadline of the call itself, nobody is working on it any more.
    deps.processorTimeoutMs + deps.resolveAfterMs,
    counted?.key ?? null,
    counted?.day ?? null,
  ]);
}
