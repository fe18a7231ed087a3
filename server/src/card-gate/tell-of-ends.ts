import type { Mode } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { type Statement, statement } from '../core/db.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import {
  type AttestationRow,
  attestationColumns,
  endsAt,
  holdAttestation,
  toAttestation,
} from './attestation.ts';
import { tellPeople } from './tell-people.ts';

/** Only the last of the reminders that are due, and none for days before it was approved. */
const selectNear = statement(
  'card_gate.near_their_end',
  `SELECT g.organization_id, g.id, g.mode, near.days
   FROM card_gate_attestations g
   CROSS JOIN LATERAL (SELECT min(days) AS days FROM unnest(ARRAY[1, 7, 14, 30]) AS days
     WHERE g.valid_until <= now() + days * interval '1 day') near
   WHERE g.status = 'approved' AND g.end_told_at IS NULL AND g.replaced_at IS NULL
     AND g.valid_until > now() AND g.valid_until - near.days * interval '1 day' > g.decided_at
     AND NOT EXISTS (SELECT 1 FROM card_gate_reminders r WHERE r.attestation_id = g.id
       AND r.organization_id = g.organization_id AND r.days <= near.days)
   LIMIT 100`,
);
const insertReminder = statement(
  'card_gate.remind',
  `INSERT INTO card_gate_reminders (organization_id, attestation_id, days) VALUES ($1, $2, $3)
   ON CONFLICT DO NOTHING RETURNING days`,
);
const selectEnded = statement(
  'card_gate.ended',
  `SELECT organization_id, id, mode, 0 AS days FROM card_gate_attestations
   WHERE status = 'approved' AND end_told_at IS NULL AND ${endsAt} <= now() LIMIT 100`,
);
const noteEnd = statement(
  'card_gate.note_end',
  `UPDATE card_gate_attestations SET end_told_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status = 'approved'
     AND end_told_at IS NULL AND ${endsAt} <= now()
   RETURNING ${attestationColumns}`,
);

type Candidate = { organization_id: string; id: string; mode: Mode; days: number };

/**
 * Tells of attestations 30, 14, 7 and 1 days before they end, and when they have ended. By the
 * worker; each is told once, however many workers run. The gate is closed by then without it.
 */
export async function tellOfGateEnds(ctx: Context, sealer: Sealer): Promise<void> {
  await each(ctx, selectNear, async (tx, { organization_id, mode, id, days }) => {
    const row = await holdAttestation(tx.query, { organization: organization_id, mode }, id);
    if (row.standing !== 'open' && row.standing !== 'scheduled') return undefined;
    const first = await tx.query(insertReminder, [organization_id, id, days]);
    if (first.length === 0) return undefined;
    tx.event({ type: 'card_gate.expiring', object: id, data: toAttestation(row) });
    await tellPeople(tx, sealer, row, 'expiring');
    return undefined;
  });
  await each(ctx, selectEnded, async (tx, { organization_id, mode, id }) => {
    const [row] = await tx.query<AttestationRow>(noteEnd, [organization_id, mode, id]);
    if (row === undefined || row.standing === 'replaced') return undefined;
    tx.event({ type: 'card_gate.expired', object: id, data: toAttestation(row) });
    await tellPeople(tx, sealer, row, 'expired');
    return { action: 'card_gate.expire', object: id };
  });
}

type Told = { action: string; object: string } | undefined;

async function each(
  ctx: Context,
  candidates: Statement,
  tell: (tx: Tx, candidate: Candidate) => Promise<Told>,
): Promise<void> {
  for (const candidate of await ctx.db.read<Candidate>(candidates)) {
    const scope = { organization: candidate.organization_id, mode: candidate.mode };
    const quiet = { permission: 'system', scope, audit: (told: Told) => told } as const;
    await mutate<Told>(ctx, quiet, (tx) => tell(tx, candidate));
  }
}
