import type { schemas } from 'payos-contract';
import { attestationColumns } from '../card-gate/index.ts';
import { type Query, statement } from '../core/db.ts';

const selectGates = statement(
  'assessment.gates',
  `SELECT a.id AS attestation, a.mode, a.standing, a.level, a.assessor, a.document_sha256,
     a.valid_from, a.valid_until, a.raw_cards, a.reveal, a.requested_at, a.decided_at, a.closed_at,
     a.closed_reason, asking.name AS requested_by, deciding.name AS decided_by
   FROM (SELECT ${attestationColumns} FROM card_gate_attestations WHERE organization_id = $1) AS a
   LEFT JOIN members r ON r.organization_id = a.organization_id AND r.id = a.requested_by
   LEFT JOIN accounts asking ON asking.id = r.account_id
   LEFT JOIN members d ON d.organization_id = a.organization_id AND d.id = a.decided_by
   LEFT JOIN accounts deciding ON deciding.id = d.account_id
   WHERE a.standing IN ('open', 'scheduled', 'requested')
     OR coalesce(a.closed_at, a.valid_until) >= $2
   ORDER BY a.mode, a.requested_at, a.id`,
);

/** What was asked of the card gate: what counts, waits, or ended since then. */
export function readGates(
  read: Query,
  organization: string,
  since: string,
): Promise<schemas.AssessedGate[]> {
  return read<schemas.AssessedGate>(selectGates, [organization, since]);
}
