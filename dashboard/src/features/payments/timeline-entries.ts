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
  const refundOf = matchRefunds(payment.attempts, refunds);
  const entries: TimelineEntry[] = [
    { kind: 'created', key: payment.id, at: payment.created_at },
    ...payment.attempts.map((attempt) => ({
      kind: 'attempt' as const,
      key: attempt.id,
      at: attempt.created_at,
      attempt,
      refund: refundOf.get(attempt.id),
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

/** Every refund has one attempt, made with it: the first belongs to the first, and so on. */
function matchRefunds(
  attempts: readonly schemas.Attempt[],
  refunds: readonly schemas.Refund[],
): ReadonlyMap<string, schemas.Refund> {
  const tries = attempts.filter(({ kind }) => kind === 'refund').sort(byId);
  const all = [...refunds].sort(byId);
  if (tries.length !== all.length) return new Map();
  return new Map(
    tries.flatMap(({ id }, index) => {
      const refund = all[index];
      return refund === undefined ? [] : [[id, refund] as const];
    }),
  );
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
