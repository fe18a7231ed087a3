import { type Mode, schemas } from 'payos-contract';
import { tellDeciders } from '../access/index.ts';
import { closeOnIncident } from '../card-gate/index.ts';
import type { CardDataFound } from '../core/card-data.ts';
import type { Context, Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail } from '../mail/index.ts';

export type FindingDependencies = {
  sealer: Sealer;
  /** PAYOS_OPERATOR_EMAIL: who is told of what is nobody's in particular. */
  operatorEmail: string | undefined;
};

/** Findings of the same cause are told together, once in this time. */
const quiet = "interval '1 hour'";

const put = statement(
  'card_data.put',
  `INSERT INTO card_data_findings AS f
     (organization_id, id, mode, stream, place, found, untold, request_id)
   VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
   ON CONFLICT ON CONSTRAINT card_data_findings_cause DO UPDATE SET last_at = now(),
     found = f.found + excluded.found, untold = f.untold + excluded.untold,
     request_id = coalesce(excluded.request_id, f.request_id)
   RETURNING id`,
);
const take = statement(
  'card_data.take',
  `UPDATE card_data_findings f SET told_at = now(), untold = 0
   FROM (SELECT id, untold FROM card_data_findings WHERE id = $1 AND untold > 0
     AND (told_at IS NULL OR told_at <= now() - ${quiet}) FOR UPDATE) AS due
   WHERE f.id = due.id
   RETURNING f.id, f.organization_id, f.mode, f.stream, f.place, due.untold AS count,
     f.request_id, f.last_at`,
);
const selectDue = statement(
  'card_data.due',
  `SELECT id, organization_id AS organization, mode FROM card_data_findings
   WHERE untold > 0 AND told_at <= now() - ${quiet} LIMIT 100`,
);

type Row = {
  id: string;
  organization_id: string | null;
  mode: Mode | null;
  stream: CardDataFound['stream'];
  place: string;
  count: number;
  request_id: string | null;
  last_at: string;
};

/**
 * Writes a finding down, tells of it unless its cause was told of within the last hour, and closes
 * the card gate if it is an incident, however often it was told.
 */
export async function noteFinding(
  ctx: Context,
  deps: FindingDependencies,
  { stream, place, count, requestId, scope, isIncident }: CardDataFound,
): Promise<void> {
  const notes: AuditNote[] = [];
  await mutate(ctx, { permission: 'system', scope, audit: () => notes }, async (tx) => {
    const [row] = await tx.query<{ id: string }>(put, [
      scope?.organization ?? null,
      newId('finding'),
      scope?.mode ?? null,
      stream,
      place.slice(0, schemas.placeMax),
      count,
      requestId ?? null,
    ]);
    if (row === undefined) throw new Error('the finding was not written');
    notes.push(...(await tell(tx, deps, row.id)));
    if (!isIncident || scope === undefined) return;
    const closed = await closeOnIncident(tx, deps.sealer, scope, {
      cause: 'card_data_found',
      reason: `Card numbers were found where none may be: ${stream}, ${place}.`,
    });
    notes.push(...(closed?.notes ?? []));
  });
}

/** Tells of what was found since an hour ago, when the hour is over. By the worker. */
export async function tellOfFindings(ctx: Context, deps: FindingDependencies): Promise<void> {
  type Due = { id: string; organization: string | null; mode: Mode | null };
  for (const { id, organization, mode } of await ctx.db.read<Due>(selectDue)) {
    const scope = scopeOf(organization, mode);
    const audit = (notes: AuditNote[]) => notes;
    try {
      await mutate(ctx, { permission: 'system', scope, audit }, (tx) => tell(tx, deps, id));
    } catch (error) {
      // One that cannot be told of now shall not keep the others quiet; it is due again.
      ctx.log.error({ err: error, object: id }, 'a finding could not be told of');
    }
  }
}

async function tell(tx: Tx, deps: FindingDependencies, id: string): Promise<AuditNote[]> {
  const [row] = await tx.query<Row>(take, [id]);
  if (row === undefined) return [];
  const { organization_id: organization, mode, stream, place, count, request_id } = row;
  const scope = scopeOf(organization, mode);
  const said = { stream, place, count, requestId: request_id, at: row.last_at };
  if (scope === undefined) {
    const to = deps.operatorEmail;
    if (to !== undefined) {
      await enqueueMail(tx.query, deps.sealer, { to, template: 'card_data_alert', data: said });
    }
  } else {
    const data = toFinding(row, scope);
    tx.event({ type: 'card_data.found', object: id, data, scope });
    if (scope.mode === 'live') {
      const mail = { template: 'card_data_found', data: said } as const;
      await tellDeciders(tx, deps.sealer, scope.organization, 'card_gate:approve', mail);
    }
  }
  return [{ action: 'card_data.find', object: id, details: { stream, place, count, request_id } }];
}

/** As events show it. */
function toFinding(row: Row, { mode }: Scope): schemas.CardDataFinding {
  const { id, stream, place, count, request_id, last_at } = row;
  return {
    id,
    object: 'card_data_finding',
    mode,
    stream,
    place,
    count,
    request: request_id,
    found_at: last_at,
  };
}

function scopeOf(organization: string | null, mode: Mode | null): Scope | undefined {
  return organization === null || mode === null ? undefined : { organization, mode };
}
