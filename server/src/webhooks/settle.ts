import { type Database, run, statement } from '../core/db.ts';
import type { Claim } from './claim.ts';

/** What became of one attempt. */
type Attempt = {
  /** RFC 3339 */
  startedAt: string;
  durationMs: number;
  status: number | null;
  error: string | null;
  /** At most 2,048 bytes of valid text. */
  response: string | null;
};

export type Outcome = {
  claim: Claim;
  /** `released`: not attempted, and free for the next claim. */
  result: 'succeeded' | 'failed' | 'retry' | 'released';
  /** Undefined when nothing was sent. */
  attempt: Attempt | undefined;
  /** With `retry`: milliseconds until the next attempt. */
  retryInMs: number | undefined;
};

/**
 * Finds each outcome's row by its key, one after the other. As a join, a plan that was made while
 * the queue was empty would compare every row of the queue with every outcome of the batch; OFFSET
 * keeps the planner from making a join of it.
 */
function placeIn(table: 'webhook_queue' | 'webhook_retries'): string {
  const endpoint = table === 'webhook_queue' ? 'AND w.endpoint_id = o.endpoint' : '';
  return `LATERAL (
       SELECT w.ctid AS place FROM ${table} w
       WHERE w.organization_id = o.organization ${endpoint}
         AND w.delivery_id = o.delivery AND w.claim_generation = o.generation
       OFFSET 0) found`;
}

/**
 * Writes a batch of outcomes in one statement. Only claims that are still ours count: a row whose
 * generation has moved on belongs to another worker by now.
 */
const settleBatch = statement(
  'webhooks.settle',
  `WITH outcome AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
       $7::bigint[], $8::timestamptz[], $9::integer[], $10::integer[], $11::text[], $12::text[])
     AS o (organization, endpoint, delivery, queue, generation, result, retry_in, started_at,
       duration, status, error, response)
   ), released_fresh AS (
     UPDATE webhook_queue q SET lease_until = NULL FROM outcome o, ${placeIn('webhook_queue')}
     WHERE o.result = 'released' AND o.queue = 'fresh' AND q.ctid = found.place
   ), released_retry AS (
     UPDATE webhook_retries q SET lease_until = NULL FROM outcome o, ${placeIn('webhook_retries')}
     WHERE o.result = 'released' AND o.queue = 'retry' AND q.ctid = found.place
   ), left_fresh AS (
     DELETE FROM webhook_queue q USING outcome o, ${placeIn('webhook_queue')}
     WHERE o.result <> 'released' AND o.queue = 'fresh' AND q.ctid = found.place
     RETURNING q.delivery_id, q.claim_generation
   ), left_retries AS (
     DELETE FROM webhook_retries q USING outcome o, ${placeIn('webhook_retries')}
     WHERE o.result IN ('succeeded', 'failed') AND o.queue = 'retry' AND q.ctid = found.place
     RETURNING q.delivery_id, q.claim_generation
   ), put_off AS (
     UPDATE webhook_retries q
     SET due_at = now() + o.retry_in * interval '1 millisecond', lease_until = NULL
     FROM outcome o, ${placeIn('webhook_retries')}
     WHERE o.result = 'retry' AND o.queue = 'retry' AND q.ctid = found.place
     RETURNING q.delivery_id, q.claim_generation
   ), held AS (
     SELECT o.* FROM outcome o JOIN (
       TABLE left_fresh UNION ALL TABLE left_retries UNION ALL TABLE put_off
     ) mine ON mine.delivery_id = o.delivery AND mine.claim_generation = o.generation
   ), added AS (
     INSERT INTO webhook_retries (organization_id, endpoint_id, delivery_id, due_at)
     SELECT organization, endpoint, delivery, now() + retry_in * interval '1 millisecond'
     FROM held WHERE result = 'retry' AND queue = 'fresh'
   ), updated AS (
     UPDATE webhook_deliveries d SET
       attempt_count = d.attempt_count + (h.started_at IS NOT NULL)::integer,
       status = CASE WHEN h.result = 'retry' THEN 'pending' ELSE h.result END,
       next_attempt_at = CASE WHEN h.result = 'retry'
         THEN now() + h.retry_in * interval '1 millisecond' END,
       finished_at = CASE WHEN h.result <> 'retry' THEN now() END
     FROM held h WHERE d.organization_id = h.organization AND d.id = h.delivery
     RETURNING d.organization_id, d.id, d.attempt_count, h.started_at, h.duration,
       h.status AS answered, h.error, h.response
   ), logged AS (
     INSERT INTO webhook_attempts
       (organization_id, delivery_id, number, started_at, duration_ms, status, error, response)
     SELECT organization_id, id, attempt_count, started_at, duration, answered, error, response
     FROM updated WHERE started_at IS NOT NULL
   )
   SELECT delivery FROM held`,
);

/** @returns the ids of the deliveries whose claim was still ours */
export async function settle(db: Database, outcomes: readonly Outcome[]): Promise<Set<string>> {
  const of = (pick: (outcome: Outcome) => string | number | null | undefined) =>
    outcomes.map((outcome) => {
      const value = pick(outcome);
      return value === undefined || value === null ? null : String(value);
    }) as string[];
  const rows = await run<{ delivery: string }>(db.write, settleBatch, [
    of(({ claim }) => claim.organization),
    of(({ claim }) => claim.endpoint),
    of(({ claim }) => claim.delivery),
    of(({ claim }) => claim.queue),
    of(({ claim }) => claim.generation),
    of(({ result }) => result),
    of(({ retryInMs }) => retryInMs),
    of(({ attempt }) => attempt?.startedAt),
    of(({ attempt }) => attempt?.durationMs),
    of(({ attempt }) => attempt?.status),
    of(({ attempt }) => attempt?.error),
    of(({ attempt }) => attempt?.response),
  ]);
  return new Set(rows.map(({ delivery }) => delivery));
}
