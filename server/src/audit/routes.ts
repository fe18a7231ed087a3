import { schemas } from 'payos-contract';
import { publicRoute, type Route } from '../core/http/route.ts';
import { listAuditLog } from './list-audit-log.ts';

/** Who did what. */
export function auditRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/audit_log',
      permission: 'audit_log:read',
      summary: 'List who changed what, in both modes',
      tag: 'Audit log',
      query: schemas.ListAuditLog,
      response: { status: 200, schema: schemas.AuditPage },
      handle: (ctx, { query }) => listAuditLog(ctx, query),
    }),
  ];
}
