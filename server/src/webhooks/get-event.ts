import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type EventRow, eventColumns, toEvent } from './event.ts';

const selectEvent = statement(
  'events.get',
  `SELECT ${eventColumns} FROM events WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One event. @throws ApiError `not_found` */
export async function getEvent(ctx: ScopedContext, id: string): Promise<schemas.Event> {
  const { organization, mode } = ctx.scope;
  const [row] = await ctx.db.read<EventRow>(selectEvent, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such event.' });
  return toEvent(row);
}
