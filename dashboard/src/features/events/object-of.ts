import type { schemas } from 'payos-contract';

/** Id of the object an event is about: its data is that object. */
export function objectOf({ data }: Pick<schemas.Event, 'data'>): string | undefined {
  return typeof data['id'] === 'string' ? data['id'] : undefined;
}
