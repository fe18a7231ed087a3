import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import type { AttemptRow } from './attempt.ts';
import { absenceBelievedMs, type PaymentDependencies } from './call-processor.ts';
import type { Outcome } from './processors/processor.ts';
import { settleAttempt } from './settle-attempt.ts';

/**
 * Takes attempts whose call is over but whose outcome nobody knows, and moves their next turn so
 * that two workers do not ask at the same time.
 */
const claimOpen = statement(
  'attempts.claim_open',
  `UPDATE attempts SET resolve_at = now() + $1 * interval '1 millisecond'
   WHERE (organization_id, id) IN (
     SELECT organization_id, id FROM attempts
     WHERE state IN ('sending', 'unknown') AND resolve_at <= now()
     ORDER BY resolve_at LIMIT 50 FOR UPDATE SKIP LOCKED)
   RETURNING organization_id, id, mode, payment_id, refund_id, kind, amount,
     extract(epoch FROM now() - created_at)::float8 * 1000 AS age_ms`,
);

type OpenRow = AttemptRow & { age_ms: number };

/**
 * One round of asking the processor about open attempts.
 *
 * @returns how many were taken up; 0 means there is nothing to do
 */
export async function resolveAttempts(ctx: Context, deps: PaymentDependencies): Promise<number> {
  const askAgainMs = deps.processorTimeoutMs + deps.resolveAfterMs;
  const open = await run<OpenRow>(ctx.db.write, claimOpen, [askAgainMs]);
  await Promise.all(open.map((attempt) => resolveAttempt(ctx, deps, attempt)));
  return open.length;
}

async function resolveAttempt(
  ctx: Context,
  deps: PaymentDependencies,
  attempt: OpenRow,
): Promise<void> {
  const finding = await deps.processor.find(attempt.id, attempt.kind);
  const outcome = believed(finding, attempt.age_ms, deps);
  deps.log.info({ attempt: attempt.id, outcome: outcome.kind }, 'asked about an open attempt');
  // The longer nobody knows, the rarer the question.
  const resolveAfterMs = Math.min(Math.max(deps.resolveAfterMs, attempt.age_ms / 2), 600_000);
  try {
    await settleAttempt(ctx, attempt, outcome, { part: 'none', resolveAfterMs });
  } catch (error) {
    deps.log.error({ err: error, attempt: attempt.id }, 'an attempt could not be settled');
  }
}

/**
 * "Not found" is only believed once the call can no longer be on its way. For a call that never
 * arrived the money did not move: that, and only that, turns unknown into failed.
 */
function believed(
  finding: Awaited<ReturnType<PaymentDependencies['processor']['find']>>,
  ageMs: number,
  deps: PaymentDependencies,
): Outcome {
  if (finding.kind === 'pending') return { kind: 'unknown', detail: 'pending at the processor' };
  if (finding.kind !== 'absent') return finding;
  if (ageMs >= absenceBelievedMs(deps.processorTimeoutMs))
    return { kind: 'failed', failure: 'never_reached_processor' };
  return { kind: 'unknown', detail: 'not at the processor so far' };
}
