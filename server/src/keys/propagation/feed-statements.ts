import type pg from 'pg';
import { run, statement } from '../../core/db.ts';
import { type Changed, nodeLeaseSeconds } from '../announce-change.ts';

/** Where processes hear what others have acknowledged: `change node change node …`. */
export const acknowledgedChannel = 'payos_key_acks';

export type NodeKind = 'server' | 'vault';

const beatNodes = statement(
  'keys.beat',
  `WITH beat AS (
     INSERT INTO key_nodes (id, kind, seen_at)
     SELECT id, kind, clock_timestamp() FROM unnest($1::text[], $2::text[]) AS n (id, kind)
     ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at)
   SELECT count(*)::integer AS alive FROM key_nodes
   WHERE seen_at > clock_timestamp() - interval '${nodeLeaseSeconds} seconds'`,
);
const deleteNode = statement('keys.leave', 'DELETE FROM key_nodes WHERE id = $1');

const selectChanges = statement(
  'keys.changes',
  `SELECT s::text AS snapshot, pg_snapshot_xmin(s)::text AS xmin,
     pg_snapshot_xmax(s)::text AS xmax,
     (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms,
     (SELECT json_agg(json_build_object('id', id, 'organization', organization_id,
        'mode', mode, 'key', key_id, 'created_ms', extract(epoch FROM created_at) * 1000))
      FROM key_changes WHERE xid >= $1::xid8) AS changes
   FROM pg_current_snapshot() AS s`,
);

/** Changes of lately that a node has not acknowledged; it may have been away. */
const selectOwed = statement(
  'keys.owed',
  `SELECT id FROM (SELECT id, nodes, xid FROM key_changes ORDER BY id DESC LIMIT 1000) AS c
   WHERE $1 = ANY(nodes) AND pg_visible_in_snapshot(xid, $2::pg_snapshot)
     AND NOT EXISTS (SELECT 1 FROM key_change_acks WHERE change_id = c.id AND node_id = $1)`,
);

const insertAcks = statement(
  'keys.acknowledge',
  `WITH acked AS (
     INSERT INTO key_change_acks (change_id, node_id)
     SELECT c.id, n.id FROM unnest($1::bigint[], $2::text[]) AS n (change, id)
     JOIN key_changes c ON c.id = n.change
     ON CONFLICT DO NOTHING)
   SELECT pg_notify('${acknowledgedChannel}', $3)`,
);

export type SeenChange = Changed & { id: number; created_ms: number };
export type Polled = {
  /** Transactions from this one on may still bring changes. */
  xmin: bigint;
  /** Transactions from this one on had not begun. */
  xmax: bigint;
  /** What was visible, for later questions. */
  snapshot: string;
  nowMs: number;
  changes: SeenChange[];
};

/** Says that these nodes are alive. @returns how many there were a moment ago */
export async function beat(on: pg.Client, nodes: ReadonlyMap<string, NodeKind>): Promise<number> {
  const values = [[...nodes.keys()], [...nodes.values()]];
  const [row] = await run<{ alive: number }>(on, beatNodes, values);
  return row?.alive ?? 0;
}

/** Nobody waits any longer for what this node has not acknowledged. */
export async function leave(on: pg.Client, node: string): Promise<void> {
  await run(on, deleteNode, [node]);
}

/**
 * Everything that may not have been seen before, in one snapshot.
 *
 * @param horizon `xmin` of the last answer; undefined: nothing that lies in the past
 */
export async function poll(on: pg.Client, horizon: bigint | undefined): Promise<Polled> {
  const [row] = await run<{
    snapshot: string;
    xmin: string;
    xmax: string;
    now_ms: number;
    changes: SeenChange[] | null;
  }>(on, selectChanges, [horizon?.toString() ?? null]);
  if (row === undefined) throw new Error('the feed of key changes was not answered');
  const { xmin, xmax, snapshot, now_ms: nowMs, changes } = row;
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), snapshot, nowMs, changes: changes ?? [] };
}

/** Of the changes that a snapshot shows, those that a node has not acknowledged. */
export async function owedBy(on: pg.Client, node: string, snapshot: string): Promise<number[]> {
  return (await run<{ id: number }>(on, selectOwed, [node, snapshot])).map(({ id }) => id);
}

export type Acknowledged = { change: number; node: string };

/** A notification takes 8000 bytes. */
const acksPerNotice = 150;

/**
 * Says which nodes act on which changes by now, and wakes whoever waits for it. Changes that are
 * forgotten already are left out; saying it twice changes nothing.
 */
export async function acknowledge(on: pg.Client, acks: readonly Acknowledged[]): Promise<void> {
  for (let at = 0; at < acks.length; at += acksPerNotice) {
    const some = acks.slice(at, at + acksPerNotice);
    const changes = some.map(({ change }) => String(change));
    const nodes = some.map(({ node }) => node);
    const notice = some.map(({ change, node }) => `${change} ${node}`).join(' ');
    await run(on, insertAcks, [changes, nodes, notice]);
  }
}
