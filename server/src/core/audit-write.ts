import type { Mode } from 'payos-contract';
import type { Context } from './context.ts';
import { type Query, statement } from './db.ts';
import type { AuditNote } from './mutate.ts';

const insertAudit = statement(
  'audit.insert',
  `INSERT INTO audit_log (organization_id, mode, actor_type, actor_id, action, object_id,
     request_id, address, details)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

/** Whose log an entry stands in: an organization's, or the installation's own. */
export type AuditPlace = { organization: string | undefined; mode: Mode | null | undefined };

/** Adds an audit entry in the change's own transaction (PCI DSS 10.2.1, 10.2.2). */
export async function writeAudit(
  query: Query,
  ctx: Context,
  note: AuditNote,
  where: AuditPlace,
): Promise<void> {
  await query(insertAudit, [
    where.organization ?? null,
    where.mode ?? null,
    ctx.actor.type,
    ctx.actor.id,
    note.action,
    note.object ?? null,
    ctx.requestId ?? null,
    ctx.address ?? null,
    JSON.stringify(note.details ?? {}),
  ]);
}
