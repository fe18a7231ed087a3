import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import { type Database, run, statement } from '../../core/db.ts';
import type { KeyChange } from '../announce-change.ts';

/** Nodes that ended in good order after the change remember nothing and are not waited for. */
const propagationOf = (which: string) => `SELECT c.created_at,
     (extract(epoch FROM max(a.acknowledged_at) - c.created_at) * 1000)::float8 AS milliseconds,
     count(a.node_id)::integer AS acknowledged,
     (SELECT coalesce(json_agg(json_build_object('node', n.id, 'kind', n.kind,
        'seen_at', n.seen_at) ORDER BY n.id), '[]')
      FROM key_nodes n WHERE n.id = ANY(c.nodes) AND NOT EXISTS (
        SELECT 1 FROM key_change_acks w WHERE w.change_id = c.id AND w.node_id = n.id)) AS waiting
   FROM (${which}) AS c
   LEFT JOIN key_change_acks a ON a.change_id = c.id AND a.node_id = ANY(c.nodes)
   GROUP BY c.id, c.created_at, c.nodes`;

const selectChange = statement(
  'keys.propagation',
  propagationOf('SELECT id, created_at, nodes FROM key_changes WHERE id = $1'),
);
const selectLastChange = statement(
  'keys.last_propagation',
  propagationOf(`SELECT id, created_at, nodes FROM key_changes
     WHERE organization_id = $1 AND key_id = $2 ORDER BY id DESC LIMIT 1`),
);

const selectLastChanges = statement(
  'keys.last_changes',
  `SELECT DISTINCT ON (key_id) id, organization_id AS organization, mode, key_id AS key, nodes
   FROM key_changes WHERE organization_id = $1 AND key_id = ANY($2) ORDER BY key_id, id DESC`,
);

type Row = {
  created_at: string;
  milliseconds: number | null;
  acknowledged: number;
  waiting: schemas.Propagation['waiting'];
};

/** How far the last change of a key has come; null when it has never changed. */
export async function readPropagation(
  db: Database,
  organization: string,
  key: string,
): Promise<schemas.ApiKeyDetail['last_change']> {
  const [row] = await run<Row>(db.write, selectLastChange, [organization, key]);
  return row === undefined ? null : { ...toPropagation(row), at: row.created_at };
}

/** The last change of each of these keys. */
export function readLastChanges(
  db: Database,
  organization: string,
  keys: readonly string[],
): Promise<KeyChange[]> {
  return run<KeyChange>(db.write, selectLastChanges, [organization, keys]);
}

function toPropagation(row: Row): schemas.Propagation {
  return {
    nodes: row.acknowledged + row.waiting.length,
    acknowledged: row.acknowledged,
    milliseconds: row.milliseconds,
    waiting: row.waiting.map((one) => ({ ...one, seen_at: new Date(one.seen_at).toISOString() })),
  };
}

type Waiting = { missing: Set<string>; wake: () => void };

/** A notification may be lost with its connection: then this is how often the table is read. */
const lookAgainMs = 250;

/** Lets whoever changed a key wait until every process has heard of it. */
export class Acknowledgements {
  readonly #waiting = new Map<number, Set<Waiting>>();

  /** Nodes have acknowledged changes: the payload of a notification. */
  hear(payload: string): void {
    for (const [, change, node = ''] of payload.matchAll(/(\d+) (\S+)/g)) {
      for (const waiting of this.#waiting.get(Number(change)) ?? []) {
        waiting.missing.delete(node);
        if (waiting.missing.size === 0) waiting.wake();
      }
    }
  }

  /** Waits until all have acknowledged, or for `timeoutMs`, and tells how far it came. */
  async wait(db: Database, change: KeyChange, timeoutMs: number): Promise<schemas.Propagation> {
    const endMs = clock.monotonicMs() + timeoutMs;
    const waiting: Waiting = { missing: new Set(change.nodes), wake: () => {} };
    const others = this.#waiting.get(change.id) ?? new Set();
    this.#waiting.set(change.id, others.add(waiting));
    try {
      for (let looks = 0; ; looks += 1) {
        const leftMs = endMs - clock.monotonicMs();
        const isComplete = looks === 0 && waiting.missing.size === 0;
        if (!isComplete) await wakeOrTime(waiting, Math.min(leftMs, lookAgainMs));
        const [row] = await run<Row>(db.write, selectChange, [change.id]);
        if (row === undefined) throw new Error('a change of a key is gone');
        if (row.waiting.length === 0 || clock.monotonicMs() >= endMs) return toPropagation(row);
      }
    } finally {
      others.delete(waiting);
      if (others.size === 0) this.#waiting.delete(change.id);
    }
  }
}

function wakeOrTime(waiting: Waiting, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    waiting.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
