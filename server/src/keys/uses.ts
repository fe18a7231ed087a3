import type { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import { type Database, refusesValue, run, statement } from '../core/db.ts';
import { shownAgent } from '../core/http/user-agent.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { repeat } from '../core/repeat.ts';

/** Rows in one order, so that two processes wait for, and not against, each other. */
const addUses = statement(
  'keys.add_uses',
  `INSERT INTO api_key_uses AS u (organization_id, key_id, address, user_agent, requests,
     first_used_at, last_used_at)
   SELECT organization_id, key_id, address, user_agent, requests, at, at
   FROM (SELECT organization_id, key_id, address::inet, user_agent, requests,
       to_timestamp(at_ms / 1000) AS at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::float8[])
       AS n (organization_id, key_id, address, user_agent, requests, at_ms)) AS n
   ORDER BY organization_id, key_id, address, user_agent
   ON CONFLICT (organization_id, key_id, address, user_agent) DO UPDATE
     SET requests = u.requests + excluded.requests,
       last_used_at = greatest(u.last_used_at, excluded.last_used_at)
   RETURNING key_id, xmax = 0 AS is_new`,
);
const addPermissions = statement(
  'keys.add_permission_uses',
  `INSERT INTO api_key_permission_uses AS u (organization_id, key_id, permission, requests,
     last_used_at)
   SELECT organization_id, key_id, permission, requests, to_timestamp(at_ms / 1000)
   FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::float8[])
     AS n (organization_id, key_id, permission, requests, at_ms)
   ORDER BY organization_id, key_id, permission
   ON CONFLICT (organization_id, key_id, permission) DO UPDATE
     SET requests = u.requests + excluded.requests,
       last_used_at = greatest(u.last_used_at, excluded.last_used_at)`,
);
const keptPerKey = 200;
const dropOldest = statement(
  'keys.drop_uses',
  `DELETE FROM api_key_uses u USING (
     SELECT organization_id, key_id, (
       SELECT last_used_at FROM api_key_uses u WHERE u.organization_id = n.organization_id
         AND u.key_id = n.key_id ORDER BY last_used_at DESC OFFSET ${keptPerKey} LIMIT 1) AS latest
     FROM unnest($1::text[], $2::text[]) AS n (organization_id, key_id)) AS old
   WHERE u.organization_id = old.organization_id AND u.key_id = old.key_id
     AND u.last_used_at <= old.latest`,
);

/** Uses are written this often: how far behind the record is at most. */
const everyMs = 5_000;
/** Different uses kept in memory at most; what comes on top is not recorded. */
const waitingMax = 20_000;
const userAgentMax = 120;

type KeyUse = {
  organization: string;
  key: string;
  address: string;
  userAgent: string;
  /** Which of its permissions was used; undefined: none, e.g. because the key is at its end. */
  permission?: string | undefined;
  /** How many, and when the last was, in Unix milliseconds. */
  requests?: number;
  atMs?: number;
};

type Count = { names: readonly string[]; requests: number; atMs: number };
type Options = { db: Database; log: Log; metrics: Metrics };

/**
 * Counts who uses which key from where: in memory, and written together. No request waits for it;
 * when a process is killed its last seconds are lost.
 */
export class KeyUses {
  readonly #db: Database;
  readonly #writing: { stop(): Promise<void> };
  #uses = new Map<string, Count>();
  #permissions = new Map<string, Count>();

  constructor({ db, log, metrics }: Options) {
    this.#db = db;
    const job = () => this.#write();
    this.#writing = repeat({ name: 'key uses', log, metrics, everyMs, job });
  }

  note({ organization, key, permission, requests = 1, ...use }: KeyUse): void {
    const atMs = use.atMs ?? clock.nowMs();
    // Without the name of our own network card, which a link-local address may carry.
    const address = use.address.replace(/^::ffff:(?=[\d.]+$)|%.*$/g, '');
    if (address === '') return;
    const userAgent = shownAgent(use.userAgent, userAgentMax);
    count(this.#uses, [organization, key, address, userAgent], requests, atMs);
    if (permission === undefined) return;
    count(this.#permissions, [organization, key, permission], requests, atMs);
  }

  /** Notes what another process has counted. */
  noteReported(uses: schemas.AskKeyChanges['uses']): void {
    const nowMs = clock.nowMs();
    for (const { user_agent, ago_ms, ...reported } of uses) {
      const { organization, key, permission, address, requests } = reported;
      const use = { organization, key, address, userAgent: user_agent, requests };
      this.note({ ...use, permission, atMs: nowMs - ago_ms });
    }
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    await this.#writing.stop();
    await this.#write();
  }

  async #write(): Promise<void> {
    const [uses, permissions] = [this.#uses, this.#permissions];
    this.#uses = new Map();
    this.#permissions = new Map();
    try {
      await this.#writeUses(uses);
      if (permissions.size > 0) {
        await run(this.#db.write, addPermissions, columnsOf([...permissions.values()]));
      }
    } catch (error) {
      // Tried again with what comes next, unless it is what the database cannot take.
      if (error instanceof Error && refusesValue(error)) throw error;
      for (const { names, requests, atMs } of uses.values()) {
        count(this.#uses, names, requests, atMs);
      }
      for (const { names, requests, atMs } of permissions.values()) {
        count(this.#permissions, names, requests, atMs);
      }
      throw error;
    }
  }

  async #writeUses(waiting: Map<string, Count>): Promise<void> {
    const uses = [...waiting.values()];
    if (uses.length === 0) return;
    type Written = { key_id: string; is_new: boolean };
    const written = await run<Written>(this.#db.write, addUses, columnsOf(uses));
    waiting.clear();
    const grown = new Set(written.filter(({ is_new }) => is_new).map(({ key_id }) => key_id));
    if (grown.size === 0) return;
    const owners = new Map(
      uses.map(({ names: [organization = '', key = ''] }) => [key, organization]),
    );
    const keys = [...grown];
    await run(this.#db.write, dropOldest, [keys.map((key) => owners.get(key) ?? ''), keys]);
  }
}

function count(
  into: Map<string, Count>,
  names: readonly string[],
  requests: number,
  atMs: number,
): void {
  const name = names.join('\n');
  const known = into.get(name);
  if (known !== undefined) {
    known.requests += requests;
    known.atMs = Math.max(known.atMs, atMs);
  } else if (into.size < waitingMax) into.set(name, { names, requests, atMs });
}

/** Counts as one array per column. */
function columnsOf(counts: readonly Count[]): string[][] {
  const width = counts[0]?.names.length ?? 0;
  return [
    ...Array.from({ length: width }, (_, at) => counts.map(({ names }) => names[at] ?? '')),
    counts.map(({ requests }) => String(requests)),
    counts.map(({ atMs }) => String(atMs)),
  ];
}
