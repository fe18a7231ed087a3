import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type EventRow, eventColumns, toEvent } from './event.ts';
import { rightsOf, typesHidden } from './event-rights.ts';

const selectEvent = statement(
  'events.get',
  `SELECT ${eventColumns} FROM events WHERE organization_id = $1 AND mode = $2 AND id = $3
     AND type <> ALL ($4::text[])`,
);

/** One event. @throws ApiError `not_found` */
export async function getEvent(ctx: ScopedContext, id: string): Promise<schemas.Event> {
  const { organization, mode } = ctx.scope;
  const hidden = typesHidden(rightsOf(ctx.actor));
  const [row] = await ctx.db.read<EventRow>(selectEvent, [organization, mode, id, hidden]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such event.' });
  return toEvent(row);
}
