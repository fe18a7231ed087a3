import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { awaitSettled } from './await-settled.ts';
import { toEvent } from './event.ts';
import { eventPage, type Place, spanOf } from './event-page.ts';
import { rightsOf, typesHidden } from './event-rights.ts';

const selectPlace = statement(
  'events.place',
  `SELECT xid FROM events WHERE organization_id = $1 AND mode = $2 AND id = $3
   AND type <> ALL ($4::text[])`,
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
  query: schemas.ListEvents,
): Promise<PageOf<schemas.Event>> {
  requireOneCursor(query);
  const limit = query.limit ?? 20;
  const cursor = query.before ?? query.after;
  const place = cursor === undefined ? undefined : await placeOf(ctx, cursor, query);
  if (place === undefined) await awaitSettled(ctx);
  const span = await spanOf(ctx.db, ctx.scope, query);
  const where = { place, span, hidden: hiddenFrom(ctx) };
  const { rows } = await eventPage(ctx.scope, query, where, limit + 1).execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  return { ...page, data: page.data.map(toEvent) };
}

const hiddenFrom = ({ actor }: ScopedContext) => typesHidden(rightsOf(actor));

async function placeOf(
  ctx: ScopedContext,
  id: string,
  { before }: schemas.ListEvents,
): Promise<Place> {
  const { organization, mode } = ctx.scope;
  const [found] = await ctx.db.read<{ xid: string }>(selectPlace, [
    organization,
    mode,
    id,
    hiddenFrom(ctx),
  ]);
  if (found === undefined) throw unknownCursor(before === undefined ? 'after' : 'before');
  return { xid: found.xid, id };
}

function unknownCursor(name: 'after' | 'before') {
  return fieldError(
    `/${name}`,
    'unknown',
    `There is no event with the id given as \`${name}\`.`,
    'Send the id of an event of this list.',
  );
}
