import { apiVersionLatest, type EventType } from 'payos-contract';
import type { Context, Scope } from './context.ts';
import { type Query, statement } from './db.ts';
import { newId } from './random.ts';

/** A fact to record. `data` is the object as the API shows it, at this moment. */
export type NewEvent = {
  type: EventType;
  object: string;
  data: Record<string, unknown>;
  /** Where it happened, where that is not the scope of the mutation. */
  scope?: Scope;
};

/**
 * The sequence is gap-free because whoever changes an object holds its row lock; the unique
 * constraint turns a verb that forgot the lock into an error instead of a doubled number.
 */
const insertEvent = statement(
  'events.insert',
  `INSERT INTO events (organization_id, id, mode, type, object_id, sequence, api_version,
     request_id, data)
   SELECT $1::public_id, $2, $3, $4, $5::public_id, coalesce(max(sequence), 0) + 1, $6, $7, $8
   FROM events WHERE organization_id = $1::public_id AND object_id = $5::public_id`,
);

/** Writes an event in the change's own transaction. The worker brings it to the endpoints. */
export async function writeEvent(
  query: Query,
  ctx: Context,
  scope: Scope | undefined,
  event: NewEvent,
): Promise<void> {
  if (scope === undefined) throw new Error(`event ${event.type} without an organization`);
  await query(insertEvent, [
    scope.organization,
    newId('event'),
    scope.mode,
    event.type,
    event.object,
    apiVersionLatest,
    ctx.requestId ?? null,
    JSON.stringify(event.data),
  ]);
}
