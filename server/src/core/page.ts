import type { SelectQueryBuilder } from 'kysely';
import type { Scope } from './context.ts';
import type { Database } from './db.ts';
import { fieldError } from './errors.ts';
import type { Tables } from './tables.ts';

export type PageQuery = { limit?: number; after?: string; before?: string };
export type PageOf<T> = { data: T[]; has_more: boolean; next: string | null };

type Narrow<T extends keyof Tables> = (
  query: SelectQueryBuilder<Tables, T, object>,
) => SelectQueryBuilder<Tables, T, object>;

/**
 * One page of an organization's objects, newest first. `after` continues towards older objects,
 * `before` returns the newer ones next to it. Ids sort by time, so the id is the cursor.
 *
 * @param narrow adds the filters of this list
 */
export async function listPage<R extends { id: string }, T extends keyof Tables = keyof Tables>(
  db: Database,
  table: T,
  scope: Scope,
  page: PageQuery,
  narrow: Narrow<T> = (query) => query,
): Promise<PageOf<R>> {
  requireOneCursor(page);
  const limit = page.limit ?? 20;
  const backwards = page.before !== undefined;
  let query = db.lists
    .selectFrom(table as 'payments')
    .selectAll()
    .where('organization_id', '=', scope.organization)
    .where('mode', '=', scope.mode)
    .orderBy('id', backwards ? 'asc' : 'desc')
    .limit(limit + 1);
  if (page.after !== undefined) query = query.where('id', '<', page.after);
  if (page.before !== undefined) query = query.where('id', '>', page.before);
  // Every table of a list has the columns above; Kysely cannot know that of a type parameter.
  const narrowed = narrow(query as never);
  const rows = (await narrowed.execute()) as unknown as R[];
  return toPage(rows, limit, backwards);
}

/** @throws ApiError `invalid_request` for two cursors, which would contradict each other */
export function requireOneCursor({ after, before }: PageQuery): void {
  if (after === undefined || before === undefined) return;
  throw fieldError('/before', 'conflict', 'Send `after` or `before`, not both.', 'Drop one.');
}

/** Cuts the one row too many that tells whether more follow. */
export function toPage<R extends { id: string }>(
  rows: R[],
  limit: number,
  backwards: boolean,
): PageOf<R> {
  const more = rows.length > limit;
  const data = rows.slice(0, limit);
  if (backwards) data.reverse();
  // Read backwards, older objects certainly follow: the one `before` named.
  const next = more || backwards ? (data.at(-1)?.id ?? null) : null;
  return { data, has_more: more, next };
}
