import type { schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { AuditNote, Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { announceChange, type KeyChange } from '../keys/index.ts';
import {
  type AttestationRow,
  attestationColumns,
  endsAt,
  isOpen,
  toAttestation,
} from './attestation.ts';
import { tellPeople } from './tell-people.ts';

const isClosable = `(status = 'requested' OR (status = 'approved' AND ${endsAt} > now()))`;
const close = statement(
  'card_gate.close',
  `UPDATE card_gate_attestations
   SET status = 'closed', closed_by = $3, closed_at = now(), closed_cause = $4, closed_reason = $5
   WHERE organization_id = $1 AND mode = $2 AND ${isClosable}
   RETURNING ${attestationColumns}`,
);

type Closing = {
  /** As the audit log names them; null: PayOS itself. */
  by: string | null;
  cause: schemas.GateClosing;
  reason: string;
};

/** An incident that closes the gate. */
export type Incident = {
  cause: Exclude<schemas.GateClosing, 'person'>;
  /** For people: what happened, in a sentence, without anything that a stranger wrote. */
  reason: string;
};

export type Closed = {
  /** For the audit log, one for each attestation that was closed. */
  notes: AuditNote[];
  /** Wait for it, and every vault refuses. */
  announced: KeyChange;
};

/**
 * Closes the gate within the transaction of what it is closed for: what is open, what would open
 * later, and what waits for a decision.
 */
export async function closeGate(
  tx: Tx,
  sealer: Sealer,
  scope: Scope,
  { by, cause, reason }: Closing,
): Promise<Closed> {
  await holdGate(tx, scope);
  const values = [scope.organization, scope.mode, by, cause, reason];
  const rows = await tx.query<AttestationRow>(close, values);
  for (const row of rows) {
    const data = toAttestation(row);
    tx.event({ type: 'card_gate.closed', object: row.id, data, scope });
    await tellPeople(tx, sealer, row, 'closed');
  }
  const announced = await announceChange(tx, scope, undefined);
  const details = { cause, reason };
  const where = { organization: scope.organization, mode: scope.mode };
  const notes = rows.map(({ id }) => ({ action: 'card_gate.close', object: id, details, where }));
  return { notes, announced };
}

const hold = statement(
  'card_gate.hold_all',
  `SELECT id, reveal AND ${isOpen} AS reads FROM card_gate_attestations
   WHERE organization_id = $1 AND mode = $2 AND ${isClosable} ORDER BY id FOR UPDATE`,
);

/**
 * Holds everything of a gate that could be closed, always in the same order, so that whoever closes
 * it and whoever opens it take turns.
 */
export function holdGate(tx: Tx, { organization, mode }: Scope) {
  return tx.query<{ id: string; reads: boolean }>(hold, [organization, mode]);
}

/**
 * Closes the gate because of an incident, once however often it is told: opening it again takes two
 * people from the beginning, like after every closing.
 *
 * @returns undefined where there was nothing to close
 */
export async function closeOnIncident(
  tx: Tx,
  sealer: Sealer,
  scope: Scope,
  incident: Incident,
): Promise<Closed | undefined> {
  const closable = await holdGate(tx, scope);
  return closable.length === 0
    ? undefined
    : closeGate(tx, sealer, scope, { by: null, ...incident });
}
