import type { Mode, schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { listPage, type PageOf, type PageQuery } from '../core/page.ts';

export const destinationColumns = `organization_id, id, mode, name, url, content_type, fields,
  status, requested_by, requester_account, decided_by, decider_account, created_at, decided_at,
  removed_at, vault_told_at`;

export type DestinationRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  name: string;
  url: string;
  content_type: schemas.ForwardContentType;
  fields: schemas.ForwardFields;
  status: schemas.ForwardDestination['status'];
  requested_by: string;
  requester_account: string;
  decided_by: string | null;
  decider_account: string | null;
  created_at: string;
  decided_at: string | null;
  removed_at: string | null;
  vault_told_at: string | null;
};

/** The destination as the API and the events show it. */
export function toDestination(row: DestinationRow): schemas.ForwardDestination {
  return {
    id: row.id,
    object: 'forward_destination',
    mode: row.mode,
    name: row.name,
    url: row.url,
    content_type: row.content_type,
    fields: row.fields,
    status: row.status,
    requested_by: row.requested_by,
    decided_by: row.decided_by,
    created_at: row.created_at,
    decided_at: row.decided_at,
    removed_at: row.removed_at,
  };
}

const select = statement(
  'forward_destinations.get',
  `SELECT ${destinationColumns} FROM forward_destinations
   WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** Organization, mode and id: how every statement finds a destination. */
export function destinationKey(ctx: ScopedContext, id: string): [string, Mode, string] {
  return [ctx.scope.organization, ctx.scope.mode, id];
}

/** Also for a destination of another tenant or mode, so that nobody learns which ids exist. */
export function noDestination(): ApiError {
  return new ApiError('not_found', { detail: 'No such destination.' });
}

/** @throws ApiError `not_found` */
export async function getDestination(
  ctx: ScopedContext,
  id: string,
): Promise<schemas.ForwardDestination> {
  const [row] = await ctx.db.read<DestinationRow>(select, destinationKey(ctx, id));
  if (row === undefined) throw noDestination();
  return toDestination(row);
}

/** Destinations of this organization and mode, newest first, those that are gone included. */
export async function listDestinations(
  ctx: ScopedContext,
  query: PageQuery,
): Promise<PageOf<schemas.ForwardDestination>> {
  const { db, scope } = ctx;
  const page = await listPage<DestinationRow>(db, 'forward_destinations', scope, query);
  return { ...page, data: page.data.map(toDestination) };
}

const selectActive = statement(
  'forward_destinations.active',
  `SELECT ${destinationColumns} FROM forward_destinations
   WHERE organization_id = $1 AND mode = $2 AND status = 'active' ORDER BY length(url) DESC`,
);

/** Where cards may be sent now, the longest URL first. */
export function activeDestinations({ db, scope }: ScopedContext): Promise<DestinationRow[]> {
  // On the writing role: what was removed a moment ago is gone, whatever a replica says.
  return run<DestinationRow>(db.write, selectActive, [scope.organization, scope.mode]);
}
