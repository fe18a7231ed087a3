import { schemas } from 'payos-contract';
import { publicRoute, type Route } from '../core/http/route.ts';
import { listRequests } from './list-requests.ts';

/** What was asked of the API. */
export function requestRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/requests',
      permission: 'requests:read',
      summary: 'List requests to the API, all but successful reads',
      tag: 'Requests',
      query: schemas.ListRequests,
      response: { status: 200, schema: schemas.RequestPage },
      handle: (ctx, { query }) => listRequests(ctx, query),
    }),
  ];
}
