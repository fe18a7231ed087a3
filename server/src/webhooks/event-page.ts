import { type RawBuilder, sql } from 'kysely';
import type { EventType, schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { type Database, statement } from '../core/db.ts';
import { idBounds } from '../core/id-time.ts';
import { type Condition, createdWithin } from '../core/ways.ts';
import { type EventRow, eventColumns } from './event.ts';

/** Where in the order of events a cursor stands. */
export type Place = { xid: string; id: string };

/** Where a page begins, what lies around it, and types that whoever asks may not see. */
type Where = { place: Place | undefined; span: Span; hidden: readonly EventType[] };

/** The statement of one page of events. */
export function eventPage(
  scope: Scope,
  query: schemas.ListEvents,
  { place, span, hidden }: Where,
  count: number,
): RawBuilder<EventRow> {
  const backwards = query.before !== undefined;
  const order = backwards ? sql`ASC` : sql`DESC`;
  const conditions = [
    sql`organization_id = ${scope.organization}`,
    sql`mode = ${scope.mode}`,
    sql`xid < pg_snapshot_xmin(pg_current_snapshot())`,
    ...filters(query),
    ...(hidden.length === 0 ? [] : [sql`type <> ALL (${hidden})`]),
    ...(span.from === undefined ? [] : [sql`xid >= ${span.from}::xid8`]),
    ...(span.to === undefined ? [] : [sql`xid <= ${span.to}::xid8`]),
  ];
  if (place !== undefined) {
    const beyond = backwards ? sql`>` : sql`<`;
    conditions.push(sql`(xid, id) ${beyond} (${place.xid}::xid8, ${place.id}::text)`);
  }
  return sql<EventRow>`SELECT ${sql.raw(eventColumns)} FROM events
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY xid ${order}, id ${order} LIMIT ${count}`;
}

/** What payments write all the time; the index of types leaves it out, see 0006-search.sql. */
const frequent = 'payment.succeeded';

function filters(query: schemas.ListEvents): Condition[] {
  const { type, object } = query;
  return [
    ...(type === undefined ? [] : [sql`type = ${type}`]),
    ...(type === undefined || type === frequent ? [] : [sql`type <> 'payment.succeeded'`]),
    ...(object === undefined ? [] : [sql`object_id = ${object}`]),
    ...createdWithin(query),
  ];
}

/** Between which transactions, both included, all events of a span of time were written. */
type Span = { from?: string; to?: string };

const selectSpan = statement(
  'events.span',
  `SELECT
     (SELECT xid FROM events WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1)
       AS from,
     (SELECT xid FROM events WHERE organization_id = $1 AND id > $3 ORDER BY id LIMIT 1) AS to`,
);

/**
 * A span of time by the numbers of transactions: what was begun within it has a number above that
 * of an event made well before, and below that of one made well after. Ids lead there by their
 * time. Asked for by itself, so that the page is planned with what it really reads.
 */
export async function spanOf(
  db: Database,
  { organization }: Scope,
  query: schemas.ListEvents,
): Promise<Span> {
  const { above, below } = idBounds('event', query);
  if (above === undefined && below === undefined) return {};
  const values = [organization, above ?? '', below ?? '~'];
  const [found] = await db.read<{ from: string | null; to: string | null }>(selectSpan, values);
  return {
    ...(found?.from == null ? {} : { from: found.from }),
    ...(found?.to == null ? {} : { to: found.to }),
  };
}
