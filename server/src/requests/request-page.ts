import { type RawBuilder, sql } from 'kysely';
import type { Mode, schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { idBounds } from '../core/id-time.ts';

type Condition = RawBuilder<unknown>;

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

/** The statement of one page: by the object where one is asked for, else in the order of ids. */
export function requestPage(
  scope: Scope,
  query: schemas.ListRequests,
  count: number,
): RawBuilder<RequestRow> {
  const order = query.before === undefined ? sql`DESC` : sql`ASC`;
  const conditions = filters(scope, query);
  const about = query.object;
  const ways =
    about === undefined ? [[]] : [[sql`object_id = ${about}`], [sql`related_id = ${about}`]];
  const branches = ways.map(
    (way) => sql`(SELECT * FROM api_requests
      WHERE ${sql.join([...conditions, ...way], sql` AND `)} ORDER BY id ${order} LIMIT ${count})`,
  );
  return sql<RequestRow>`SELECT id, mode, method, route, status, code, actor_type, actor_id,
      host(address) AS address, duration_ms, object_id, related_id, created_at
    FROM (${sql.join(branches, sql` UNION ALL `)}) found ORDER BY id ${order} LIMIT ${count}`;
}

function filters({ organization, mode }: Scope, query: schemas.ListRequests): Condition[] {
  const { request_id, method, created_after, created_before } = query;
  const found = [sql`organization_id = ${organization}`, sql`mode = ${mode}`];
  const { above, below } = idBounds('request', query);
  if (query.after !== undefined) found.push(sql`id < ${query.after}`);
  if (query.before !== undefined) found.push(sql`id > ${query.before}`);
  if (above !== undefined) found.push(sql`id > ${above}`);
  if (below !== undefined) found.push(sql`id < ${below}`);
  if (created_after !== undefined) found.push(sql`created_at > ${created_after}`);
  if (created_before !== undefined) found.push(sql`created_at < ${created_before}`);
  if (request_id !== undefined) found.push(sql`id = ${request_id}`);
  if (query.status !== undefined) found.push(statuses[query.status]);
  if (method !== undefined) found.push(sql`method = ${method}`);
  if (method !== undefined && method !== 'POST') found.push(sql`method <> 'POST'`);
  return found;
}

/** Worded so that the indexes of what is seldom can be used, see 0005_requests.sql. */
const statuses = {
  '2xx': sql`status < 300`,
  '4xx': sql`status >= 400 AND status < 500`,
  '5xx': sql`status >= 500`,
} as const;
