import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { type Database, statement } from '../core/db.ts';
import { type AuditNote, mutate } from '../core/mutate.ts';
import { sweepInPieces } from '../core/sweep.ts';
import type { KeyChange } from '../keys/index.ts';
import { closeOnIncident, holdGate, type Incident } from './close-gate.ts';
import type { CardGateDependencies } from './dependencies.ts';

/**
 * Refused tries within an hour at which the gate closes. A program that waits as long as it is told
 * is refused once.
 */
const refusalsMax = { beyondLimits: 10, all: 20 } as const;

const insert = statement(
  'reveal_refusals.insert',
  `INSERT INTO reveal_refusals (organization_id, attestation_id, key_id, code, address)
   SELECT organization_id, $2, id, $4, $5::inet FROM api_keys
   WHERE organization_id = $1 AND mode = $6 AND id = $3
     AND 'cards:reveal' = ANY (permissions)
   RETURNING 1 AS noted`,
);
const count = statement(
  'reveal_refusals.count',
  `SELECT count(*) FILTER (WHERE code = 'reveal_limit_exceeded')::integer AS "beyondLimits",
     count(*)::integer AS "all"
   FROM reveal_refusals WHERE organization_id = $1 AND attestation_id = $2
     AND created_at > clock_timestamp() - interval '1 hour'`,
);
const sweep = statement(
  'reveal_refusals.sweep',
  `WITH gone AS (
     DELETE FROM reveal_refusals WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM reveal_refusals WHERE created_at < now() - interval '1 day' LIMIT 1000))
     RETURNING 1
   ) SELECT count(*)::integer AS count FROM gone`,
);

type Counts = { [K in keyof typeof refusalsMax]: number };

/**
 * Counts a try to read a card that the vault refused to a key that may read cards, and closes the
 * gate when there were too many. When the answer comes, it is closed everywhere.
 */
export async function noteRefusal(
  ctx: Context,
  { sealer, propagating }: CardGateDependencies,
  { organization, mode, key, code, address }: schemas.RevealRefused,
): Promise<{ noted: true }> {
  const scope = { organization, mode };
  const notes: AuditNote[] = [];
  const told: KeyChange[] = [];
  await mutate(ctx, { permission: 'system', scope, audit: () => notes }, async (tx) => {
    // Held, so that of many that come at once the last is counted as such.
    const gate = (await holdGate(tx, scope)).findLast(({ reads }) => reads);
    if (gate === undefined) return;
    const values = [organization, gate.id, key, code, address, mode];
    if ((await tx.query(insert, values)).length === 0) return;
    const [counts] = await tx.query<Counts>(count, [organization, gate.id]);
    const incident = counts && incidentOf(counts, key);
    if (incident === undefined) return;
    const closed = await closeOnIncident(tx, sealer, scope, incident);
    notes.push(...(closed?.notes ?? []));
    if (closed !== undefined) told.push(closed.announced);
  });
  for (const change of told) await propagating.awaitPropagation(change);
  return { noted: true };
}

function incidentOf({ beyondLimits, all }: Counts, key: string): Incident | undefined {
  const last = `The last was by the API key ${key}.`;
  if (beyondLimits >= refusalsMax.beyondLimits) {
    const reason = `${beyondLimits} tries to read cards beyond the limits within an hour. ${last}`;
    return { cause: 'reveal_limits', reason };
  }
  if (all < refusalsMax.all) return undefined;
  const reason = `${all} refused tries to read cards within an hour. ${last}`;
  return { cause: 'reveal_refusals', reason };
}

/** Removes what is counted no longer. */
export function sweepRefusals(db: Database): Promise<void> {
  return sweepInPieces(db, sweep, 1_000);
}
