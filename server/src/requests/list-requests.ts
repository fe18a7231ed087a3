import type { schemas } from 'payos-contract';
import { actorNames } from '../core/actor-names.ts';
import type { ScopedContext } from '../core/context.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { type RequestRow, requestPage } from './request-page.ts';

/** Requests to the API in this organization and mode, newest first. */
export async function listRequests(
  ctx: ScopedContext,
  query: schemas.ListRequests,
): Promise<PageOf<schemas.ApiRequest>> {
  requireOneCursor(query);
  const limit = query.limit ?? 20;
  const { rows } = await requestPage(ctx.scope, query, limit + 1).execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  const names = await actorNames(ctx.db, ctx.scope.organization, page.data);
  return { ...page, data: page.data.map((row) => toRequest(row, names)) };
}

function toRequest(row: RequestRow, names: ReadonlyMap<string, string>): schemas.ApiRequest {
  const { actor_type: type, actor_id: id, route, ...rest } = row;
  const path = row.object_id === null ? route : route.replace(':id', row.object_id);
  return { object: 'request', ...rest, path, actor: { type, id, name: names.get(id) ?? null } };
}
