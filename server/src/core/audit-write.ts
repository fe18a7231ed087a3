import type { Mode } from 'payos-contract';
import type { Context } from './context.ts';
import { type Query, statement } from './db.ts';
import type { AuditNote } from './mutate.ts';

const columns = `organization_id, mode, actor_type, actor_id, action, object_id, request_id,
     address, details`;
const insertAudit = statement(
  'audit.insert',
  `INSERT INTO audit_log (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const insertAuditInEach = statement(
  'audit.insert_in_each',
  `INSERT INTO audit_log (${columns})
   SELECT nullif(organization, ''), $2, $3, $4, $5, $6, $7, $8, $9
   FROM unnest($1::text[]) AS organization`,
);

/**
 * Whose log an entry stands in: an organization's, or the installation's own. What a person does
 * outside of any organization stands in the log of each they belong to, written by one statement,
 * so that it costs the same however many they are.
 */
export type AuditPlace =
  | { organization: string | undefined; mode: Mode | null | undefined }
  | { organizations: readonly string[] };

/** Adds an audit entry in the change's own transaction (PCI DSS 10.2.1, 10.2.2). */
export async function writeAudit(
  query: Query,
  ctx: Context,
  note: AuditNote,
  where: AuditPlace,
): Promise<void> {
  const { type, id } = note.actor ?? ctx.actor;
  const rest = [
    type,
    id,
    note.action,
    note.object ?? null,
    ctx.requestId ?? null,
    ctx.address ?? null,
    JSON.stringify(note.details ?? {}),
  ];
  if ('organizations' in where) {
    const each = where.organizations.length === 0 ? [''] : where.organizations;
    await query(insertAuditInEach, [each, null, ...rest]);
  } else {
    await query(insertAudit, [where.organization ?? null, where.mode ?? null, ...rest]);
  }
}
