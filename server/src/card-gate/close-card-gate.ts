import type { schemas } from 'payos-contract';
import type { Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { announceChange, type KeyChange } from '../keys/index.ts';
import {
  type AttestationRow,
  attestationColumns,
  readAttestations,
  toAttestation,
} from './attestation.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { toGate } from './get-card-gate.ts';
import { tellPeople } from './tell-people.ts';

const close = statement(
  'card_gate.close',
  `UPDATE card_gate_attestations
   SET status = 'closed', closed_by = $3, closed_at = now(), closed_reason = $4
   WHERE organization_id = $1 AND mode = $2
     AND (status = 'requested' OR (status = 'approved' AND least(valid_until, replaced_at) > now()))
   RETURNING ${attestationColumns}`,
);

/**
 * Closes the gate of this mode at once: what is open, what would open later, and what waits for a
 * decision, so that opening it again takes two people from the beginning. Needs no second person.
 * When the answer comes, no vault lets anything through any more.
 */
export async function closeCardGate(
  ctx: ScopedContext,
  { sealer, propagating }: CardGateDependencies,
  { reason }: schemas.CloseCardGate,
): Promise<schemas.CardGate> {
  const { scope } = ctx;
  const told: KeyChange[] = [];
  const closed: string[] = [];
  const gate = await mutate<schemas.CardGate>(
    ctx,
    {
      permission: 'card_gate:close',
      audit: () => closed.map((object) => noteOf(object, reason)),
    },
    async (tx) => {
      const change = await closeGate(tx, sealer, scope, ctx.actor.id, reason);
      closed.push(...change.closed);
      told.push(change.announced);
      return toGate(scope.mode, await readAttestations(tx.query, scope));
    },
  );
  for (const change of told) await propagating.awaitPropagation(change);
  return gate;
}

function noteOf(object: string, reason: string) {
  return { action: 'card_gate.close', object, details: { reason } };
}

/**
 * Closes the gate within a transaction of somebody else's, e.g. of an incident. Whoever calls
 * writes the audit entries and waits until the change is known everywhere.
 *
 * @param by who, as the audit log names them
 */
async function closeGate(
  tx: Tx,
  sealer: Sealer,
  scope: Scope,
  by: string,
  reason: string,
): Promise<{ closed: string[]; announced: KeyChange }> {
  const values = [scope.organization, scope.mode, by, reason];
  const rows = await tx.query<AttestationRow>(close, values);
  for (const row of rows) {
    const data = toAttestation(row);
    tx.event({ type: 'card_gate.closed', object: row.id, data, scope });
    await tellPeople(tx, sealer, row, 'closed');
  }
  return {
    closed: rows.map(({ id }) => id),
    announced: await announceChange(tx, scope, undefined),
  };
}
