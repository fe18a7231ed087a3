import type { Context, ScopedContext } from './context.ts';
import { type Database, leavesEmpty, type Query, run, statement } from './db.ts';
import { ApiError } from './errors.ts';
import { sweepInPieces } from './sweep.ts';

/** How long an answer is kept (Stripe's rule, which merchants expect). */
const idempotencyKeptHours = 24;

const findKey = statement(
  'idempotency.find',
  `SELECT route, body_hash, status, answer, object_id, lease_until > now() AS leased
   FROM idempotency_keys WHERE organization_id = $1 AND mode = $2 AND key = $3
     AND created_at > now() - interval '${idempotencyKeptHours} hours'`,
);
/**
 * A key that is still held leaves the new row without a route, which its column refuses: an error,
 * not an empty answer, so that the COMMIT that travels with it is not carried out.
 */
const claimKey = statement(
  'idempotency.claim',
  `INSERT INTO idempotency_keys AS held
     (organization_id, mode, key, route, body_hash, lease_until, object_id)
   VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond', $7)
   ON CONFLICT (organization_id, mode, key) DO UPDATE
     SET route = CASE WHEN held.created_at <= now() - interval '${idempotencyKeptHours} hours'
         THEN excluded.route END,
       body_hash = excluded.body_hash, status = NULL, answer = NULL,
       object_id = excluded.object_id, lease_until = excluded.lease_until, created_at = now()`,
);
const insertFinished = statement(
  'idempotency.insert_finished',
  `INSERT INTO idempotency_keys AS held
     (organization_id, mode, key, route, body_hash, lease_until, status, answer)
   VALUES ($1, $2, $3, $4, $5, now(), $6, $7)
   ON CONFLICT (organization_id, mode, key) DO UPDATE
     SET route = excluded.route, body_hash = excluded.body_hash, status = excluded.status,
       answer = excluded.answer, object_id = NULL, lease_until = now(), created_at = now()
     WHERE held.created_at <= now() - interval '${idempotencyKeptHours} hours'
   RETURNING key`,
);
const finishKey = statement(
  'idempotency.finish',
  `UPDATE idempotency_keys SET status = $4, answer = $5, lease_until = now()
   WHERE organization_id = $1 AND mode = $2 AND key = $3`,
);
type Found = {
  route: string;
  body_hash: Buffer;
  status: number | null;
  answer: Buffer | null;
  object_id: string | null;
  leased: boolean;
};

/** What an earlier request with the same key left behind. */
type Earlier =
  | { state: 'none' }
  | { state: 'finished'; status: number; answer: Buffer }
  /** `leased`: whoever began may still be at it. */
  | { state: 'begun'; object: string; leased: boolean };

/**
 * Looks the request's key up, on the writing role so that no replica lag can hide it.
 *
 * @throws ApiError `idempotency_mismatch`, `idempotency_conflict`
 */
export async function findEarlier(ctx: ScopedContext): Promise<Earlier> {
  if (ctx.idempotency === undefined) return { state: 'none' };
  const { key, route, bodyHash } = ctx.idempotency;
  const { organization, mode } = ctx.scope;
  const [found] = await run<Found>(ctx.db.write, findKey, [organization, mode, key]);
  if (found === undefined) return { state: 'none' };
  if (found.route !== route || !found.body_hash.equals(bodyHash)) {
    throw new ApiError('idempotency_mismatch');
  }
  if (found.status !== null && found.answer !== null) {
    return { state: 'finished', status: found.status, answer: found.answer };
  }
  if (found.object_id === null) throw idempotencyConflict();
  return { state: 'begun', object: found.object_id, leased: found.leased };
}

/**
 * First of two mutates: takes the key, so that a second request at the same time is refused, and
 * notes what the work creates, so that the request can be taken up again after a crash.
 */
export async function claimIdempotency(query: Query, ctx: Context, object: string) {
  const { idempotency, scope } = ctx;
  if (idempotency === undefined || scope === undefined) return;
  const { key, route, bodyHash, leaseMs } = idempotency;
  const values = [scope.organization, scope.mode, key, route, bodyHash, leaseMs, object];
  await query(claimKey, values);
}

/** The refusal that a failed claim amounts to; `undefined` for other errors. */
export function claimRefused(error: unknown): ApiError | undefined {
  return leavesEmpty(error, 'idempotency_keys', 'route') ? idempotencyConflict() : undefined;
}

/** Stores the answer in the transaction that made it true. */
export async function finishIdempotency(
  query: Query,
  ctx: Context,
  part: 'whole' | 'last',
  result: unknown,
): Promise<void> {
  const { idempotency, scope } = ctx;
  if (idempotency === undefined || scope === undefined) return;
  const { status, answer } = idempotency.encode(result);
  const { key, route, bodyHash } = idempotency;
  const { organization, mode } = scope;
  if (part === 'last') {
    await query(finishKey, [organization, mode, key, status, answer]);
    return;
  }
  const values = [organization, mode, key, route, bodyHash, status, answer];
  const inserted = await query(insertFinished, values);
  if (inserted.length === 0) throw idempotencyConflict();
}

/** Somebody is working on a request with this key. */
export function idempotencyConflict(): ApiError {
  return new ApiError('idempotency_conflict', {}, { 'retry-after': '1' });
}

const sweepAtOnce = 1000;
const sweepKeys = statement(
  'idempotency.sweep',
  `WITH gone AS (
     DELETE FROM idempotency_keys WHERE (organization_id, mode, key) IN (
       SELECT organization_id, mode, key FROM idempotency_keys
       WHERE created_at < now() - interval '${idempotencyKeptHours} hours'
       ORDER BY created_at LIMIT ${sweepAtOnce} FOR UPDATE SKIP LOCKED)
     RETURNING 1
   ) SELECT count(*)::integer AS count FROM gone`,
);

/** Removes answers that are kept no longer. */
export function sweepIdempotency(db: Database): Promise<void> {
  return sweepInPieces(db, sweepKeys, sweepAtOnce);
}
