import { type Database, run, statement } from '../core/db.ts';
import { begin, commit, Gate } from '../core/flight.ts';
import { newId } from '../core/random.ts';
import { mayHave } from './event-rights.ts';

/** Most events that one transaction turns into deliveries. */
const eventsMax = 500;

/** A look without a lock, so that idle workers write nothing. */
const peek = statement(
  'fan_out.peek',
  `SELECT 1 AS more FROM webhook_cursor c WHERE EXISTS (
     SELECT FROM events e WHERE (e.xid, e.id) > (c.xid, c.event_id)
       AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
   )`,
);
const takeCursor = statement(
  'fan_out.take',
  'SELECT xid, event_id FROM webhook_cursor FOR UPDATE SKIP LOCKED',
);
/**
 * Events below the horizon: every transaction that could still add one among them has ended. An
 * endpoint gets what happened after it was created, in its own organization and mode, and of
 * people only what its maker might see.
 */
const selectMatches = statement(
  'fan_out.match',
  `SELECT e.organization_id, e.id AS event_id, e.xid, e.mode, e.type, w.id AS endpoint_id
   FROM (
     SELECT organization_id, id, xid, mode, type, created_at FROM events
     WHERE (xid, id) > ($1::xid8, $2::text) AND xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY xid, id LIMIT ${eventsMax}
   ) e
   LEFT JOIN webhook_endpoints w
     ON w.organization_id = e.organization_id AND w.mode = e.mode AND w.deleted_at IS NULL
     AND w.status = 'enabled' AND w.created_at < e.created_at AND w.events && ARRAY[e.type, '*']
     AND ${mayHave}
   ORDER BY e.xid, e.id`,
);
/** The unique constraint is a second lock on the same door: the cursor lets nobody come twice. */
const insertDeliveries = statement(
  'fan_out.insert',
  `WITH inserted AS (
     INSERT INTO webhook_deliveries
       (organization_id, id, mode, endpoint_id, event_id, event_type, next_attempt_at)
     SELECT organization, id, mode, endpoint, event, type, now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS new (organization, id, mode, endpoint, event, type)
     ON CONFLICT ON CONSTRAINT webhook_deliveries_once DO NOTHING
     RETURNING organization_id, endpoint_id, id
   )
   INSERT INTO webhook_queue (organization_id, endpoint_id, delivery_id)
   SELECT organization_id, endpoint_id, id FROM inserted`,
);
const moveCursor = statement(
  'fan_out.move',
  'UPDATE webhook_cursor SET xid = $1::xid8, event_id = $2',
);

type Cursor = { xid: string; event_id: string };

type Match = {
  organization_id: string;
  event_id: string;
  xid: string;
  mode: string;
  type: string;
  endpoint_id: string | null;
};

/**
 * Turns events into deliveries, at most {@link eventsMax} at a time.
 *
 * @returns how many events were read, and deliveries made of them; 0 also when another worker is at
 *   it
 */
export async function fanOut(db: Database): Promise<{ events: number; deliveries: number }> {
  const [more] = await run(db.write, peek);
  if (more === undefined) return { events: 0, deliveries: 0 };
  const client = await db.write.connect();
  let broken: Error | undefined;
  try {
    return await moveOn(new Gate(client));
  } catch (error) {
    // Nothing may stay open on a connection that goes back to the pool.
    broken = error instanceof Error ? error : new Error('fan-out failed');
    throw error;
  } finally {
    client.release(broken);
  }
}

async function moveOn(gate: Gate): Promise<{ events: number; deliveries: number }> {
  const [, taken] = await Promise.all([gate.send(begin), gate.send(takeCursor)]);
  const [cursor] = taken.rows as Cursor[];
  const place = cursor === undefined ? undefined : [cursor.xid, cursor.event_id];
  const found = place === undefined ? [] : (await gate.send(selectMatches, place)).rows;
  const matches = found as Match[];
  const writes: Promise<unknown>[] = [];
  const last = matches.at(-1);
  const due = matches.filter(({ endpoint_id }) => endpoint_id !== null);
  if (due.length > 0) writes.push(gate.send(insertDeliveries, deliveriesOf(due)));
  if (last !== undefined) writes.push(gate.send(moveCursor, [last.xid, last.event_id]));
  const [{ command }] = await Promise.all([gate.close(commit), ...writes]);
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
  const events = new Set(matches.map(({ event_id }) => event_id)).size;
  return { events, deliveries: due.length };
}

function deliveriesOf(matches: readonly Match[]): string[][] {
  return [
    matches.map((match) => match.organization_id),
    matches.map(() => newId('delivery')),
    matches.map((match) => match.mode),
    matches.map((match) => match.endpoint_id ?? ''),
    matches.map((match) => match.event_id),
    matches.map((match) => match.type),
  ];
}
