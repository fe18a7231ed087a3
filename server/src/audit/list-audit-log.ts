import type { Mode, schemas } from 'payos-contract';
import { actorNames } from '../core/actor-names.ts';
import type { ScopedContext } from '../core/context.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { auditPage } from './audit-page.ts';

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
  const names = await actorNames(ctx.db, organization, page.data);
  return { ...page, data: page.data.map((row) => toEntry(row, names)) };
}

function toEntry(row: AuditRow, names: ReadonlyMap<string, string>): schemas.AuditEntry {
  const { actor_type: type, actor_id: id, ...rest } = row;
  return { object: 'audit_entry', ...rest, actor: { type, id, name: names.get(id) ?? null } };
}
