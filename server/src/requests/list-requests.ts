import type { schemas } from 'payos-contract';
import { actorNames } from '../core/actor-names.ts';
import { holds, type ScopedContext } from '../core/context.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { type RequestRow, requestPage } from './request-page.ts';

/**
 * Requests to the API in this organization and mode, newest first. What was asked about people, and
 * who asked, is shown to those who see members.
 */
export async function listRequests(
  ctx: ScopedContext,
  query: schemas.ListRequests,
): Promise<PageOf<schemas.ApiRequest>> {
  requireOneCursor(query);
  const limit = query.limit ?? 20;
  const seesPeople = holds(ctx.actor, 'members:read');
  const statement = requestPage(ctx.scope, query, limit + 1, seesPeople);
  const { rows } = await statement.execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  const shown = page.data.filter(({ actor_type }) => seesPeople || actor_type === 'api_key');
  const names = await actorNames(ctx.db, ctx.scope.organization, shown);
  return { ...page, data: page.data.map((row) => toRequest(row, names)) };
}

function toRequest(row: RequestRow, names: ReadonlyMap<string, string>): schemas.ApiRequest {
  const { actor_type: type, actor_id: id, route, ...rest } = row;
  const path = row.object_id === null ? route : route.replace(':id', row.object_id);
  return { object: 'request', ...rest, path, actor: { type, id, name: names.get(id) ?? null } };
}
