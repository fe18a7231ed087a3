import type { schemas } from 'payos-contract';

type Payment = schemas.Payment & { attempts: readonly schemas.Attempt[] };

/** One thing that happened to a payment. */
export type TimelineEntry =
  | { kind: 'created'; key: string; at: string }
  | {
      kind: 'attempt';
      key: string;
      at: string;
      attempt: schemas.Attempt;
      /** What an attempt to refund belongs to. */
      refund: schemas.Refund | undefined;
    }
  | { kind: 'event'; key: string; at: string; event: schemas.Event };

const order = { created: 0, attempt: 1, event: 2 } as const;

/**
 * What happened to a payment, newest first: what was asked of the processor and how it answered,
 * and the events that told others.
 */
export function timelineOf(
  payment: Payment,
  refunds: readonly schemas.Refund[],
  events: readonly schemas.Event[],
): TimelineEntry[] {
  const refundOf = new Map(refunds.map((refund) => [refund.id, refund]));
  const entries: TimelineEntry[] = [
    { kind: 'created', key: payment.id, at: payment.created_at },
    ...payment.attempts.map((attempt) => ({
      kind: 'attempt' as const,
      key: attempt.id,
      at: attempt.created_at,
      attempt,
      refund: attempt.refund === null ? undefined : refundOf.get(attempt.refund),
    })),
    ...events.map((event) => ({
      kind: 'event' as const,
      key: event.id,
      at: event.created_at,
      event,
    })),
  ];
  return entries.sort(newestFirst);
}

function newestFirst(a: TimelineEntry, b: TimelineEntry): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  if (a.kind !== b.kind) return order[b.kind] - order[a.kind];
  return a.key < b.key ? 1 : -1;
}
