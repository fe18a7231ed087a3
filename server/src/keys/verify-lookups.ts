import { clock } from '../core/clock.ts';
import { type Database, run, type Statement, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { endsAt } from './ends-at.ts';
import type { DatabaseClock } from './propagation/database-clock.ts';
import { type KeyDocument, toVerifiedKey, type VerifiedKey } from './verified-key.ts';
import type { KeyMemory, Witness } from './verify-memory.ts';

/** What a row needs to be found and checked. The same for everybody's and for nobody's. */
const columns = `api_keys.secret_hash, json_build_object(
    'organization_id', api_keys.organization_id, 'id', api_keys.id, 'mode', api_keys.mode,
    'kind', api_keys.kind, 'state', CASE WHEN api_keys.revoked_at IS NOT NULL THEN 'revoked'
      WHEN api_keys.disabled_at IS NOT NULL THEN 'disabled' ELSE 'usable' END,
    'ends_at_ms', extract(epoch FROM ${endsAt}) * 1000,
    'permissions', api_keys.permissions, 'ip_ranges', api_keys.ip_ranges,
    'allowed_origins', api_keys.allowed_origins, 'amount_limits', api_keys.amount_limits,
    'customers', api_keys.customers, 'rate_limit', api_keys.rate_limit,
    'api_version', api_keys.api_version,
    'spending_key_id', coalesce(api_keys.spending_key_id, api_keys.id),
    'public_key', encode(api_keys.public_key, 'base64'))::text AS document`;

/** Nobody's key, found where there is no other, so that a miss is as much work as a hit. */
const nobody = `SELECT decode(repeat('00', 32), 'hex') AS secret_hash,
    'org_1111111111111111111111' AS organization_id, 'key_1111111111111111111111' AS id,
    'test' AS mode, 'secret' AS kind, NULL::timestamptz AS revoked_at,
    NULL::timestamptz AS disabled_at, now() AS created_at, NULL::timestamptz AS expires_at,
    NULL::timestamptz AS retires_at, array_fill('payments:write'::text, ARRAY[16]) AS permissions,
    '{}'::text[] AS ip_ranges, '{}'::text[] AS allowed_origins, '[]'::jsonb AS amount_limits,
    '{}'::text[] AS customers, NULL::integer AS rate_limit, '2026-01-01' AS api_version,
    NULL::bytea AS public_key, NULL::text AS spending_key_id`;

const lookUp = (by: string) => `SELECT found.secret_hash, found.document,
     (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms
   FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, place) CROSS JOIN LATERAL (
     (SELECT ${columns} FROM api_keys WHERE ${by} = asked.name)
     UNION ALL (SELECT ${columns} FROM (${nobody}) AS api_keys)
     LIMIT 1) AS found
   ORDER BY asked.place`;

export const selectByLookupId = statement('keys.verify', lookUp('api_keys.lookup_id'));
export const selectById = statement(
  'keys.verify_signing',
  lookUp(`api_keys.kind = 'signing' AND api_keys.id`),
);

/** Somebody's key, or nobody's, as it was read; `witness` hears what changes from then on. */
export type Found = { hash: Buffer | null; key: VerifiedKey; witness: Witness };

type Row = { secret_hash: Buffer | null; document: string; now_ms: number };
type Waiting = { name: string; resolve: (found: Found) => void; reject: (why: unknown) => void };

const namesPerTrip = 64;
const tripsMax = 4;
/** From the start of one statement to the next: one alone goes at once, a flood goes together. */
const tripEveryMs = 5;
const waitingMax = 4_000;
const timeoutMs = 3_000;
const readsMax = 5;

type Options = {
  db: Database;
  memory: KeyMemory;
  databaseClock: DatabaseClock;
  select: Statement;
};

/**
 * Reads keys from the database: many in one statement, few statements at once, so that a flood of
 * keys that nobody has costs little, and never more than that. On the role that writes: a replica
 * that lags would bring back what was revoked.
 */
export class KeyLookups {
  readonly #options: Options;
  #waiting: Waiting[] = [];
  #trips = 0;
  #leftMs = Number.NEGATIVE_INFINITY;
  #resting: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws ApiError `rate_limited` when too many ask, `unavailable` without a database */
  ask(name: string): Promise<Found> {
    if (this.#waiting.length >= waitingMax) {
      const detail = 'Too many API keys are being looked up. Try again in 1 s.';
      throw new ApiError('rate_limited', { detail }, { 'retry-after': '1' });
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
      this.#leave();
    });
  }

  #leave(): void {
    if (this.#trips >= tripsMax || this.#waiting.length === 0) return;
    if (this.#resting !== undefined) return;
    const restMs = this.#leftMs + tripEveryMs - clock.monotonicMs();
    if (restMs > 0) {
      this.#resting = setTimeout(() => {
        this.#resting = undefined;
        this.#leave();
      }, restMs);
      return;
    }
    this.#leftMs = clock.monotonicMs();
    const aboard = this.#waiting.splice(0, namesPerTrip);
    this.#trips += 1;
    void this.#read(aboard).finally(() => {
      this.#trips -= 1;
      this.#leave();
    });
  }

  /** Never rejects: whoever waits is told. */
  async #read(aboard: Waiting[], reads = 1): Promise<void> {
    const { memory, select } = this.#options;
    const witness = memory.witness();
    try {
      const names = [...new Set(aboard.map(({ name }) => name))];
      const found = await this.#select(select, names);
      const stale: Waiting[] = [];
      for (const waiting of aboard) {
        const { hash, key } = found.get(waiting.name) ?? fail();
        // Changed while it was read: what was read may be from before.
        if (witness.saw(key)) stale.push(waiting);
        else waiting.resolve({ hash, key, witness });
      }
      if (stale.length === 0) return;
      if (reads === readsMax) throw new ApiError('unavailable', {}, { 'retry-after': '1' });
      await this.#read(stale, reads + 1);
    } catch (error) {
      for (const { reject } of aboard) reject(error);
    } finally {
      // Those who were told go on in this turn of the event loop.
      setImmediate(() => witness.close());
    }
  }

  async #select(select: Statement, names: string[]) {
    const { db, databaseClock } = this.#options;
    const sentMs = clock.monotonicMs();
    const rows = await inTime(run<Row>(db.write, select, [names]));
    const [first] = rows;
    if (first !== undefined) databaseClock.note(first.now_ms, sentMs);
    return new Map(
      rows.map(({ secret_hash, document }, place) => {
        const key = toVerifiedKey(JSON.parse(document) as KeyDocument);
        return [names[place] ?? '', { hash: secret_hash, key }];
      }),
    );
  }
}

/** A database that does not answer must not hold requests for as long as it likes. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ApiError('unavailable', {}, { 'retry-after': '1' }));
  }, timeoutMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function fail(): never {
  throw new Error('a look-up was not answered completely');
}
