import type { Mode } from 'payos-contract';
import { type Database, run, type Statement, statement } from '../core/db.ts';

/** First attempts, or later ones. */
export type Queue = 'fresh' | 'retry';

/** A delivery that is ours to make until the lease ends, with all that making it takes. */
export type Claim = {
  queue: Queue;
  organization: string;
  endpoint: string;
  delivery: string;
  /** Proves that the claim is still ours. */
  generation: number;
  mode: Mode;
  /** Attempts made so far. */
  attempts: number;
  event: {
    id: string;
    type: string;
    api_version: string;
    created_at: string;
    sequence: number;
    request_id: string | null;
    data: string;
  } | null;
  /** Null when the endpoint is disabled or deleted: then nothing is sent. */
  target: { url: string; sealed: Buffer } | null;
  failingSince: string | null;
  /** Monotonic milliseconds. */
  claimedAtMs: number;
};

export type ClaimRequest = {
  queue: Queue;
  limit: number;
  /** How long the claims last, in milliseconds. */
  leaseMs: number;
  /** After which endpoint the round goes on; '' to begin it. */
  from: string;
  /** How many of an endpoint to take, of those where it is not `roomOfOthers`. */
  room: ReadonlyMap<string, number>;
  roomOfOthers: number;
};

/** Endpoints looked at in one claim at most. */
const lanesMax = 2_000;

/**
 * Jumps through the index from endpoint to endpoint, so that the cost is one step per endpoint and
 * not one per waiting row, and takes a few rows of each.
 */
function claimStatement(queue: Queue): Statement {
  const table = queue === 'fresh' ? 'webhook_queue' : 'webhook_retries';
  const due = queue === 'fresh' ? '' : 'AND q.due_at <= now()';
  const order = queue === 'fresh' ? 'q.delivery_id' : 'q.due_at';
  return statement(
    `webhooks.claim_${queue}`,
    `WITH RECURSIVE lanes AS (
       (SELECT endpoint_id, 1 AS number FROM ${table} WHERE endpoint_id > $1::text
        ORDER BY endpoint_id LIMIT 1)
       UNION ALL
       SELECT following.endpoint_id, l.number + 1 FROM lanes l CROSS JOIN LATERAL (
         SELECT f.endpoint_id FROM ${table} f WHERE f.endpoint_id > l.endpoint_id
         ORDER BY f.endpoint_id LIMIT 1
       ) following
       WHERE l.number < ${lanesMax}
     ), picked AS MATERIALIZED (
       SELECT waiting.* FROM lanes l
       LEFT JOIN unnest($2::text[], $3::integer[]) AS known (endpoint, room)
         ON known.endpoint = l.endpoint_id
       CROSS JOIN LATERAL (
         SELECT q.ctid AS place FROM ${table} q
         WHERE q.endpoint_id = l.endpoint_id ${due}
           AND (q.lease_until IS NULL OR q.lease_until < now())
         ORDER BY ${order} LIMIT coalesce(known.room, $4::integer)
         FOR UPDATE SKIP LOCKED
       ) waiting
       LIMIT $5
     ), claimed AS (
       UPDATE ${table} q SET claim_generation = nextval('webhook_claims'),
         lease_until = now() + $6 * interval '1 millisecond'
       FROM picked p
       -- By its place: the row is locked, and no plan made while the queue was empty can go wrong.
       WHERE q.ctid = p.place
       RETURNING q.organization_id, q.endpoint_id, q.delivery_id, q.claim_generation
     )
     SELECT c.organization_id, c.endpoint_id, c.delivery_id, c.claim_generation, d.mode,
       d.attempt_count, e.id AS event_id, e.type, e.api_version, e.created_at, e.sequence,
       e.request_id, e.data::text AS data, w.url, w.secret_sealed, w.failing_since
     FROM claimed c
     JOIN webhook_deliveries d
       ON d.organization_id = c.organization_id AND d.id = c.delivery_id
     LEFT JOIN events e ON e.organization_id = d.organization_id AND e.id = d.event_id
     LEFT JOIN webhook_endpoints w ON w.organization_id = c.organization_id
       AND w.id = c.endpoint_id AND w.status = 'enabled' AND w.deleted_at IS NULL
     ORDER BY c.endpoint_id, c.delivery_id`,
  );
}

const statements = { fresh: claimStatement('fresh'), retry: claimStatement('retry') };

type Row = {
  organization_id: string;
  endpoint_id: string;
  delivery_id: string;
  claim_generation: number;
  mode: Mode;
  attempt_count: number;
  event_id: string | null;
  type: string;
  api_version: string;
  created_at: string;
  sequence: number;
  request_id: string | null;
  data: string;
  url: string | null;
  secret_sealed: Buffer | null;
  failing_since: string | null;
};

/** Takes deliveries that are due, a few of each endpoint, in the order of the endpoints. */
export async function claim(db: Database, request: ClaimRequest, nowMs: number): Promise<Claim[]> {
  const { queue, limit, leaseMs, from, room, roomOfOthers } = request;
  const rows = await run<Row>(db.write, statements[queue], [
    from,
    [...room.keys()],
    [...room.values()].map(String),
    roomOfOthers,
    limit,
    leaseMs,
  ]);
  return rows.map((row) => toClaim(row, queue, nowMs));
}

function toClaim(row: Row, queue: Queue, claimedAtMs: number): Claim {
  const { event_id, type, api_version, created_at, sequence, request_id, data } = row;
  const event =
    event_id === null
      ? null
      : { id: event_id, type, api_version, created_at, sequence, request_id, data };
  return {
    queue,
    organization: row.organization_id,
    endpoint: row.endpoint_id,
    delivery: row.delivery_id,
    generation: row.claim_generation,
    mode: row.mode,
    attempts: row.attempt_count,
    event,
    target:
      row.url === null || row.secret_sealed === null
        ? null
        : { url: row.url, sealed: row.secret_sealed },
    failingSince: row.failing_since,
    claimedAtMs,
  };
}
