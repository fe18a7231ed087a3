import {
  allEventTypes,
  allPermissions,
  type EventType,
  eventNeeds,
  type Permission,
} from 'payos-contract';
import type { Actor, ScopedContext } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';

const isNeeded = (name: Permission) => allEventTypes.some((type) => eventNeeds(type) === name);

/** Permissions that an event can need beside events:read. */
const eventRights: readonly Permission[] = allPermissions.filter(isNeeded);

/** Which of {@link eventRights} somebody holds. */
export function rightsOf(actor: Actor): Permission[] {
  if (actor.type === 'system') return [...eventRights];
  if (actor.type !== 'api_key' && actor.type !== 'member') return [];
  return eventRights.filter((name) => actor.permissions.has(name));
}

/** Types of which somebody with these rights may not hear. */
export function typesHidden(rights: readonly Permission[]): EventType[] {
  return allEventTypes.filter((type) => {
    const needed = eventNeeds(type);
    return needed !== undefined && !rights.includes(needed);
  });
}

/**
 * What an endpoint may have whose events somebody names. None in test mode, where nothing is told
 * of people: then whoever integrates can change what an owner made.
 *
 * @throws ApiError `permission_denied` where an event is named that they may not see
 */
export function rightsFor({ actor, scope }: ScopedContext, events: readonly string[]) {
  const rights = rightsOf(actor);
  const hidden = typesHidden(rights).find((type) => events.includes(type));
  if (hidden === undefined) return scope.mode === 'live' ? rights : [];
  const detail = `Events of type ${hidden} need the permission ${eventNeeds(hidden)}.`;
  throw new ApiError('permission_denied', { detail });
}

/**
 * Whether somebody may say where an endpoint leads and what it gets: also what waits, and what is
 * sent again, goes there.
 *
 * @throws ApiError `more_than_own`
 */
export function requireRights(actor: Actor, rights: readonly string[]): void {
  const own: readonly string[] = rightsOf(actor);
  const lacking = rights.filter((name) => !own.includes(name));
  if (lacking.length === 0) return;
  const detail = `The endpoint gets events that need: ${lacking.join(', ')}.`;
  throw new ApiError('more_than_own', { detail });
}

/** As SQL, of a row `e` of events and a row `w` of webhook endpoints: whether `w` may have `e`. */
export const mayHave = `CASE ${eventRights
  .map((name) => {
    const types = allEventTypes.filter((type) => eventNeeds(type) === name);
    return `WHEN e.type IN ('${types.join("', '")}') THEN '${name}' = ANY (w.event_rights)`;
  })
  .join(' ')} ELSE true END`;
