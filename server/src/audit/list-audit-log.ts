import type { Mode, schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { auditPage } from './audit-page.ts';

const selectNames = statement(
  'audit.names',
  `SELECT m.id, a.name FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND m.id = ANY($2)
   UNION ALL
   SELECT a.id, a.name FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND a.id = ANY($2)
   UNION ALL
   SELECT id, name FROM api_keys WHERE organization_id = $1 AND id = ANY($2)`,
);

export type AuditRow = {
  id: string;
  mode: Mode | null;
  actor_type: string;
  actor_id: string;
  action: string;
  object_id: string | null;
  request_id: string | null;
  address: string | null;
  details: Record<string, unknown>;
  created_at: string;
};

/** The organization's audit log, newest first, whatever the mode in which it is asked for. */
export async function listAuditLog(
  ctx: ScopedContext,
  query: schemas.ListAuditLog,
): Promise<PageOf<schemas.AuditEntry>> {
  requireOneCursor(query);
  const { organization } = ctx.scope;
  const limit = query.limit ?? 20;
  const { rows } = await auditPage(organization, query, limit + 1).execute(ctx.db.lists);
  const page = toPage(rows, limit, query.before !== undefined);
  const actors = [...new Set(page.data.map((row) => row.actor_id))];
  const named = await ctx.db.read<{ id: string; name: string }>(selectNames, [
    organization,
    actors,
  ]);
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return { ...page, data: page.data.map((row) => toEntry(row, names)) };
}

function toEntry(row: AuditRow, names: ReadonlyMap<string, string>): schemas.AuditEntry {
  const { actor_type: type, actor_id: id, ...rest } = row;
  return { object: 'audit_entry', ...rest, actor: { type, id, name: names.get(id) ?? null } };
}
