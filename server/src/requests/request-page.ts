import { type RawBuilder, sql } from 'kysely';
import type { Mode, schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { along, type Condition, pageOfWays, type Way } from '../core/ways.ts';

export type RequestRow = {
  id: string;
  mode: Mode;
  method: string;
  route: string;
  status: number;
  code: string | null;
  actor_type: string;
  actor_id: string;
  address: string | null;
  duration_ms: number;
  object_id: string | null;
  related_id: string | null;
  created_at: string;
};

const columns = sql`id, mode, method, route, status, code, actor_type, actor_id,
  host(address) AS address, duration_ms, object_id, related_id, created_at`;

/**
 * The statement of one page: by the object where one is asked for, else in the order of ids.
 *
 * @param wide with those about people and the organization as a whole
 */
export function requestPage(
  scope: Scope,
  query: schemas.ListRequests,
  count: number,
  wide: boolean,
): RawBuilder<RequestRow> {
  const { object } = query;
  const ways: [Way, ...Way[]] =
    object === undefined
      ? [along()]
      : [along(sql`object_id = ${object}`), along(sql`related_id = ${object}`)];
  const where = [...filters(query), ...(wide ? [] : [sql`NOT wide`])];
  const list = { table: 'api_requests', kind: 'request' } as const;
  return pageOfWays<RequestRow>({ ...list, columns, scope, query, where, ways, count });
}

function filters({ request_id, method, status }: schemas.ListRequests): Condition[] {
  const found: Condition[] = [];
  if (request_id !== undefined) found.push(sql`id = ${request_id}`);
  if (status !== undefined) found.push(statuses[status]);
  if (method !== undefined) found.push(sql`method = ${method}`);
  if (method !== undefined && method !== 'POST') found.push(sql`method <> 'POST'`);
  return found;
}

/** Worded so that the indexes of what is seldom can be used, see 0005-requests.sql. */
const statuses = {
  '2xx': sql`status < 300`,
  '4xx': sql`status >= 400 AND status < 500`,
  '5xx': sql`status >= 500`,
} as const;
