import { type RawBuilder, sql } from 'kysely';
import type { schemas } from 'payos-contract';
import { idTimeMs, timeMs } from '../core/id-time.ts';
import { type Condition, createdWithin } from '../core/ways.ts';
import type { AuditRow } from './list-audit-log.ts';

const lastId = '9223372036854775807';
/** What payments write all the time; the index of actions leaves it out, see 0006-search.sql. */
const frequent = ['payment.create', 'payment.authorize.settle'];

/** Longer than a transaction may take: a row gets its id at most this long after its time. */
const slackMs = 60_000;
/** How long a request may go on after its id was made, and how far clocks may be apart. */
const requestMs = 15 * 60_000;

/**
 * The statement of one page, so that it reads little more than it answers: by actor, action or
 * object where one is asked for, else mode by mode in the order of ids.
 */
export function auditPage(
  organization: string,
  query: schemas.ListAuditLog,
  count: number,
): RawBuilder<AuditRow> {
  const order = query.before === undefined ? sql`DESC` : sql`ASC`;
  const conditions = [sql`organization_id = ${organization}`, ...filters(query)];
  const parts = hasOwnWay(query) ? [[]] : modesOf(query);
  const branches = parts.map(
    (part) => sql`(SELECT id, mode, actor_type, actor_id, action, object_id, request_id, address,
        details, created_at
      FROM audit_log WHERE ${sql.join([...conditions, ...part], sql` AND `)}
      ORDER BY id ${order} LIMIT ${count})`,
  );
  return sql<AuditRow>`SELECT id::text AS id, mode, actor_type, actor_id, action, object_id,
      request_id, host(address) AS address, details, created_at
    FROM (${sql.join(branches, sql` UNION ALL `)}) found
    ORDER BY found.id ${order} LIMIT ${count}`;
}

/** Whether an index of its own leads to what is asked for, in all modes at once. */
function hasOwnWay({ actor, actor_type, action, object_id }: schemas.ListAuditLog): boolean {
  const byType = actor_type !== undefined && actor_type !== 'api_key';
  return actor !== undefined || object_id !== undefined || byType || isSeldom(action);
}

function isSeldom(action: string | undefined): boolean {
  return action !== undefined && !action.startsWith('payment.*') && !frequent.includes(action);
}

function modesOf({ mode }: schemas.ListAuditLog): Condition[][] {
  const modes = mode === undefined ? (['live', 'test', 'none'] as const) : [mode];
  return modes.map((one) => [ofMode(one)]);
}

function ofMode(mode: 'test' | 'live' | 'none'): Condition {
  return mode === 'none' ? sql`mode IS NULL` : sql`mode = ${mode}`;
}

function filters(query: schemas.ListAuditLog): Condition[] {
  const { mode, actor, actor_type, action, object_id, request_id } = query;
  const found: Condition[] = [];
  if (query.after !== undefined) found.push(sql`id < ${query.after}::bigint`);
  if (query.before !== undefined) found.push(sql`id > ${query.before}::bigint`);
  if (hasOwnWay(query) && mode !== undefined) found.push(ofMode(mode));
  if (actor !== undefined) found.push(sql`actor_id = ${actor}`);
  if (actor_type !== undefined) {
    found.push(sql`actor_type = ${actor_type}`);
    if (actor_type !== 'api_key') found.push(sql`actor_type <> 'api_key'`);
  }
  if (action !== undefined) found.push(...ofAction(action));
  if (object_id !== undefined) found.push(sql`object_id = ${object_id}`);
  if (request_id !== undefined) {
    const made = idTimeMs(request_id);
    found.push(sql`request_id = ${request_id}`, ...between(made - requestMs, made + requestMs));
  }
  const { created_after, created_before } = query;
  return [...found, ...createdWithin(query), ...between(msOf(created_after), msOf(created_before))];
}

const msOf = (time: string | undefined) => (time === undefined ? undefined : timeMs(time));

/**
 * Rows written within a span of time, by their ids: whatever was written well before the span has a
 * smaller id than all within it, and whatever was written well after it a greater one.
 */
function between(fromMs: number | undefined, toMs: number | undefined): Condition[] {
  const found: Condition[] = [];
  if (fromMs !== undefined) {
    const before = new Date(fromMs - slackMs).toISOString();
    found.push(sql`id > coalesce((SELECT id FROM audit_log WHERE created_at < ${before}
      ORDER BY created_at DESC LIMIT 1), 0)`);
  }
  if (toMs !== undefined) {
    const after = new Date(toMs + slackMs).toISOString();
    found.push(sql`id < coalesce((SELECT id FROM audit_log WHERE created_at > ${after}
      ORDER BY created_at LIMIT 1), ${lastId}::bigint)`);
  }
  return found;
}

function ofAction(action: string): Condition[] {
  const seldom = sql`action NOT IN ('payment.create', 'payment.authorize.settle')`;
  const kind = action.endsWith('.*') ? action.slice(0, -1) : undefined;
  const is = kind === undefined ? sql`action = ${action}` : sql`starts_with(action, ${kind})`;
  return isSeldom(action) ? [is, seldom] : [is];
}
