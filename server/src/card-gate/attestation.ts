import type { Mode, schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';

export type AttestationRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  level: schemas.CardGateAttestation['level'];
  assessor: string;
  document_sha256: string;
  valid_from: string;
  valid_until: string;
  raw_cards: boolean;
  reveal: boolean;
  key_per_hour: number;
  key_per_day: number;
  all_per_hour: number;
  all_per_day: number;
  /** Its time has passed, whatever became of it. */
  is_over: boolean;
  standing: schemas.CardGateAttestation['status'];
  requested_by: string;
  requested_by_account: string;
  requested_at: string;
  decided_by: string | null;
  decided_at: string | null;
  closed_by: string | null;
  closed_at: string | null;
  closed_cause: schemas.GateClosing | null;
  closed_reason: string | null;
};

/** When an approved attestation ceases to count. */
export const endsAt = 'least(valid_until, replaced_at)';

/** Whether an attestation counts at this moment: no job has to have run for it to end. */
export const isOpen = `(status = 'approved' AND valid_from <= now() AND ${endsAt} > now())`;

export const attestationColumns = `organization_id, id, mode, level, assessor, document_sha256,
  valid_from, valid_until, raw_cards, reveal, key_per_hour, key_per_day, all_per_hour, all_per_day,
  CASE WHEN status <> 'approved' THEN status WHEN ${isOpen} THEN 'open'
    WHEN replaced_at <= now() THEN 'replaced' WHEN valid_until <= now() THEN 'expired'
    ELSE 'scheduled' END AS standing,
  valid_until <= now() AS is_over, requested_by, requested_by_account, requested_at, decided_by,
  decided_at, closed_by, closed_at, closed_cause, closed_reason`;

const listMax = 100;
const selectList = statement(
  'card_gate.list',
  `SELECT ${attestationColumns} FROM card_gate_attestations
   WHERE organization_id = $1 AND mode = $2 ORDER BY id DESC LIMIT ${listMax}`,
);
const hold = statement(
  'card_gate.hold',
  `SELECT ${attestationColumns} FROM card_gate_attestations
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR UPDATE`,
);

/** As the API and events show it. */
export function toAttestation(row: AttestationRow): schemas.CardGateAttestation {
  const { key_per_hour, key_per_day, all_per_hour, all_per_day, raw_cards, reveal } = row;
  return {
    id: row.id,
    object: 'card_gate_attestation',
    mode: row.mode,
    level: row.level,
    assessor: row.assessor,
    document_sha256: row.document_sha256,
    valid_from: row.valid_from,
    valid_until: row.valid_until,
    scopes: { raw_cards, reveal },
    limits: { key_per_hour, key_per_day, all_per_hour, all_per_day },
    status: row.standing,
    requested_by: row.requested_by,
    requested_at: row.requested_at,
    decided_by: row.decided_by,
    decided_at: row.decided_at,
    closed_by: row.closed_by,
    closed_at: row.closed_at,
    closed_cause: row.closed_cause,
    closed_reason: row.closed_reason,
  };
}

/** The last hundred of a mode, newest first. */
export async function readAttestations(
  query: Query,
  { organization, mode }: Scope,
): Promise<schemas.CardGateAttestation[]> {
  const rows = await query<AttestationRow>(selectList, [organization, mode]);
  return rows.map(toAttestation);
}

/** One attestation, nobody else's meanwhile. @throws ApiError `not_found` */
export async function holdAttestation(
  query: Query,
  { organization, mode }: Scope,
  id: string,
): Promise<AttestationRow> {
  const [row] = await query<AttestationRow>(hold, [organization, mode, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such attestation.' });
  return row;
}
