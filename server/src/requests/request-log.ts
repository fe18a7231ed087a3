import { isPermission, isWide } from 'payos-contract';
import { clock } from '../core/clock.ts';
import { type Database, run, statement } from '../core/db.ts';
import type { Answered } from '../core/http/answered.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { repeat } from '../core/repeat.ts';

const insertRequests = statement(
  'requests.insert',
  `INSERT INTO api_requests SELECT * FROM json_populate_recordset(NULL::api_requests, $1)
   ON CONFLICT DO NOTHING`,
);

/** Entries kept in memory at most; what comes on top is counted and not logged. */
const waitingMax = 20_000;
const batchMax = 2_000;
const everyMs = 1_000;

type Options = { db: Database; log: Log; metrics: Metrics };
type Entry = Record<string, string | number | boolean | null>;

/**
 * Keeps a record of requests: noted in memory, written together about once a second. No request
 * waits for it, and when the database does not take it the record is what is lost, not payments.
 */
export class RequestLog {
  readonly #options: Options;
  readonly #waiting: Entry[] = [];
  /** Keys and people whose refusal for their rate is in the next batch already. */
  readonly #slowedDown = new Set<string>();
  readonly #writing: { stop(): Promise<void> };

  constructor(options: Options) {
    this.#options = options;
    const job = () => this.#write();
    this.#writing = repeat({ name: 'request log', ...options, everyMs, job });
  }

  /** Notes a request. Successful reads, and who belongs to no organization, are left out. */
  note(answered: Answered): void {
    const { identity, method, route, status } = answered;
    const scope = identity?.scope;
    if (scope === undefined || route === undefined) return;
    if (method === 'GET' && status < 400) return;
    // Of a flood one entry tells enough.
    if (status === 429 && this.#slowedDown.has(identity?.actor.id ?? '')) return;
    if (status === 429) this.#slowedDown.add(identity?.actor.id ?? '');
    if (this.#waiting.length >= waitingMax) this.#options.metrics.requestsUnlogged.inc();
    else this.#waiting.push(entryOf(answered));
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    await this.#writing.stop();
    await this.#write();
  }

  async #write(): Promise<void> {
    this.#slowedDown.clear();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchMax);
      await run(this.#options.db.write, insertRequests, [JSON.stringify(batch)]);
      this.#waiting.splice(0, batch.length);
    }
  }
}

function entryOf(answered: Answered): Entry {
  const { id, identity, method, route, permission, status, code, address, durationMs } = answered;
  // What was not found is nobody's object, and whatever stood in its place is not kept.
  const asked = status === 404 ? undefined : answered.asked;
  const object = asked ?? answered.made ?? (status >= 400 ? answered.belongsTo : undefined);
  const related = [answered.made, answered.belongsTo].find((one) => one && one !== object);
  return {
    organization_id: identity?.scope?.organization ?? null,
    mode: identity?.scope?.mode ?? null,
    id,
    method,
    route: route ?? null,
    status,
    code: code ?? null,
    actor_type: identity?.actor.type ?? null,
    actor_id: identity?.actor.id ?? null,
    address,
    duration_ms: Math.round(durationMs),
    wide: permission !== undefined && isPermission(permission) && isWide(permission),
    object_id: object ?? null,
    related_id: related ?? null,
    created_at: new Date(clock.nowMs() - durationMs).toISOString(),
  };
}
