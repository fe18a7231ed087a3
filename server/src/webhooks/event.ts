import type { Mode, schemas } from 'payos-contract';

export const eventColumns = 'id, mode, type, api_version, created_at, sequence, request_id, data';

export type EventRow = {
  id: string;
  mode: Mode;
  type: string;
  api_version: string;
  created_at: string;
  sequence: number;
  request_id: string | null;
  data: Record<string, unknown>;
};

/** The event as the API shows it. */
export function toEvent(row: EventRow): schemas.Event {
  const { id, mode, type, api_version, created_at, sequence, request_id, data } = row;
  return { id, object: 'event', type, mode, api_version, created_at, sequence, request_id, data };
}

/** An event with its data still as the text that PostgreSQL holds. */
type EventText = Omit<EventRow, 'data'> & { data: string };

/**
 * What is sent: the same event as JSON. `data` is put in as PostgreSQL wrote it, so that every
 * attempt sends the same bytes and no number passes through a double.
 */
export function eventBody(event: EventText): string {
  const { data, ...rest } = event;
  const head = JSON.stringify(toEvent({ ...rest, data: {} }));
  return `${head.slice(0, -'{}}'.length)}${data}}`;
}
