import type { Mode, schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import { type AddressGuard, checkDestination } from '../egress/index.ts';

export const endpointColumns = `organization_id, id, mode, url, events, description, status,
  disabled_reason, api_version, created_at, updated_at, deleted_at`;

export type EndpointRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  url: string;
  events: string[];
  description: string | null;
  status: 'enabled' | 'disabled';
  disabled_reason: DisabledReason | null;
  api_version: string;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
};

/** Switched off by its owner, by its own 410 Gone, or because it failed for days. */
export type DisabledReason = 'requested' | 'gone' | 'failing';

/** The endpoint as the API and the events show it. */
export function toEndpoint(row: EndpointRow): schemas.WebhookEndpoint {
  return {
    id: row.id,
    object: 'webhook_endpoint',
    mode: row.mode,
    url: row.url,
    events: row.events,
    description: row.description,
    status: row.status,
    disabled_reason: row.disabled_reason,
    api_version: row.api_version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** The URL as it will be used. @throws ApiError `webhook_url_refused` */
export function checkUrl(url: string, guard: AddressGuard): string {
  const destination = checkDestination(url, guard);
  if (destination.ok) return destination.url.href;
  throw new ApiError('webhook_url_refused', { detail: destination.why, param: 'url' });
}

/** Also for an endpoint of another tenant or mode, so that nobody learns which ids exist. */
export function noEndpoint(): ApiError {
  return new ApiError('not_found', { detail: 'No such webhook endpoint.' });
}

/** Organization, mode and id: how every statement finds an endpoint. */
export function endpointKey(ctx: ScopedContext, id: string): [string, Mode, string] {
  return [ctx.scope.organization, ctx.scope.mode, id];
}
