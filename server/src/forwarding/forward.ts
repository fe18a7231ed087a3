import type { Mode, schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { listPage, type PageOf } from '../core/page.ts';

export const forwardColumns = `organization_id, id, mode, destination_id, token_id,
  payment_method_id, body_hash, status, method, url, request, response, response_status, failure,
  created_at, finished_at, emptied_at`;

type Written = schemas.ForwardRecord['request'];
type Answered = NonNullable<schemas.ForwardRecord['response']>;

export type ForwardRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  destination_id: string;
  token_id: string | null;
  payment_method_id: string | null;
  body_hash: Buffer;
  status: schemas.ForwardRecord['status'];
  method: Written['method'];
  url: string;
  request: Written | null;
  response: Answered | null;
  response_status: number | null;
  failure: string | null;
  created_at: string;
  finished_at: string | null;
  emptied_at: string | null;
};

/** What lists and events show. */
export function toSummary(row: ForwardRow): schemas.ForwardSummary {
  const { method, url, response_status } = row;
  return { ...common(row), method, url, response_status };
}

/** The whole record, as the API shows it while it is kept. */
export function toRecord(row: ForwardRow): schemas.ForwardRecord {
  const { request, response } = row;
  if (request === null) throw noForward();
  return { ...common(row), request, response };
}

function common(row: ForwardRow) {
  return {
    id: row.id,
    object: 'forward' as const,
    mode: row.mode,
    status: row.status,
    destination: row.destination_id,
    token: row.token_id,
    payment_method: row.payment_method_id,
    failure: row.failure,
    created_at: row.created_at,
    finished_at: row.finished_at,
  };
}

function noForward(): ApiError {
  return new ApiError('not_found', { detail: 'No such forward.' });
}

const select = statement(
  'forwards.get',
  `SELECT ${forwardColumns} FROM forwards
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND emptied_at IS NULL`,
);

/** @throws ApiError `not_found`, also for what is kept no longer */
export async function getForward(ctx: ScopedContext, id: string): Promise<schemas.ForwardRecord> {
  return toRecord(await findForward(ctx, id));
}

/** @throws ApiError `not_found` */
export async function findForward(ctx: ScopedContext, id: string): Promise<ForwardRow> {
  const [row] = await ctx.db.read<ForwardRow>(select, [ctx.scope.organization, ctx.scope.mode, id]);
  if (row === undefined) throw noForward();
  return row;
}

/** Forwards of this organization and mode, newest first. */
export async function listForwards(
  { db, scope }: ScopedContext,
  query: schemas.ListForwards,
): Promise<PageOf<schemas.ForwardSummary>> {
  const page = await listPage<ForwardRow, 'forwards'>(db, 'forwards', scope, query, (rows) => {
    let kept = rows.where('emptied_at', 'is', null);
    if (query.destination) kept = kept.where('destination_id', '=', query.destination);
    return query.status ? kept.where('status', '=', query.status) : kept;
  });
  return { ...page, data: page.data.map(toSummary) };
}
