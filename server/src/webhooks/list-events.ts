import type { schemas } from 'payos-contract';
import type { Static } from 'typebox';
import type { ScopedContext } from '../core/context.ts';
import { type Statement, statement, type Value } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { awaitSettled } from './await-settled.ts';
import { type EventRow, eventColumns, toEvent } from './event.ts';

type ListQuery = Static<typeof schemas.ListEvents>;

const selectPlace = statement(
  'events.place',
  'SELECT xid FROM events WHERE organization_id = $1 AND mode = $2 AND id = $3',
);

/**
 * Events, newest first, in the order of the transactions that wrote them. Events whose transaction
 * might still be overtaken by an older one are not shown yet: whoever asks again and again with
 * `before` gets every event once, also those that are committed late.
 *
 * @throws ApiError `invalid_request` when the cursor is not an event of this list
 */
export async function listEvents(
  ctx: ScopedContext,
  query: ListQuery,
): Promise<PageOf<schemas.Event>> {
  requireOneCursor(query);
  const { organization, mode } = ctx.scope;
  const limit = query.limit ?? 20;
  const values: Value[] = [organization, mode, limit + 1];
  const backwards = query.before !== undefined;
  const cursor = query.before ?? query.after;
  if (cursor !== undefined) {
    const where = [organization, mode, cursor];
    const [place] = await ctx.db.read<{ xid: string }>(selectPlace, where);
    if (place === undefined) throw unknownCursor(backwards ? 'before' : 'after');
    values.push(place.xid, cursor);
  }
  if (cursor === undefined) await awaitSettled(ctx);
  if (query.type !== undefined) values.push(query.type);
  if (query.object !== undefined) values.push(query.object);
  const rows = await ctx.db.read<EventRow>(selectPage(query), values);
  const page = toPage(rows, limit, backwards);
  return { ...page, data: page.data.map(toEvent) };
}

const statements = new Map<string, Statement>();

/** One statement for each set of filters, so that each is planned for what it really asks. */
function selectPage({ after, before, type, object }: ListQuery): Statement {
  const direction = before !== undefined ? 'newer' : after !== undefined ? 'older' : 'newest';
  const name = ['events.list', direction, type && 'type', object && 'object']
    .filter((part) => part !== undefined)
    .join('.');
  const known = statements.get(name);
  if (known !== undefined) return known;
  const filters: string[] = [];
  let next = 4;
  if (direction !== 'newest') {
    filters.push(`AND (xid, id) ${direction === 'newer' ? '>' : '<'} ($4::xid8, $5::text)`);
    next = 6;
  }
  if (type !== undefined) filters.push(`AND type = $${next++}`);
  if (object !== undefined) filters.push(`AND object_id = $${next++}`);
  const order = direction === 'newer' ? 'ASC' : 'DESC';
  const text = `SELECT ${eventColumns} FROM events
    WHERE organization_id = $1 AND mode = $2 AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ${filters.join(' ')}
    ORDER BY xid ${order}, id ${order} LIMIT $3`;
  const made = statement(name, text);
  statements.set(name, made);
  return made;
}

function unknownCursor(name: 'after' | 'before') {
  return fieldError(
    `/${name}`,
    'unknown',
    `There is no event with the id given as \`${name}\`.`,
    'Send the id of an event of this list.',
  );
}
