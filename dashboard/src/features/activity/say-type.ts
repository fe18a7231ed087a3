import { type EventType, eventTypes } from 'payos-contract';

/** What an event of this type tells of; empty for types this dashboard does not know. */
export const sayType = (type: string): string =>
  Object.hasOwn(eventTypes, type) ? eventTypes[type as EventType].text : '';
