import type { schemas } from 'payos-contract';
import type { Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import {
  type ActingPerson,
  announceChange,
  findPerson,
  type KeyChange,
  keysLyingOpen,
} from '../keys/index.ts';
import {
  type AttestationRow,
  attestationColumns,
  holdAttestation,
  toAttestation,
} from './attestation.ts';
import { holdGate } from './close-gate.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { tellPeople } from './tell-people.ts';

const decide = statement(
  'card_gate.decide',
  `UPDATE card_gate_attestations
   SET status = $4, decided_by = $5, decided_by_account = $6, decided_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status = 'requested'
   RETURNING ${attestationColumns}`,
);
const replaceOthers = statement(
  'card_gate.replace',
  `UPDATE card_gate_attestations o SET replaced_at = greatest(now(), n.valid_from)
   FROM card_gate_attestations n
   WHERE n.organization_id = $1 AND n.id = $3 AND o.organization_id = $1 AND o.mode = $2
     AND o.id <> $3 AND o.status = 'approved'
     AND least(o.valid_until, o.replaced_at) > greatest(now(), n.valid_from)`,
);

/**
 * Opens the gate, on another person's word than asked for it. What was approved before gives way
 * from when this one counts.
 *
 * @throws ApiError `not_found`, `own_request`, `decided_already`, `attestation_over`,
 *   `card_key_exposed`
 */
export function approveAttestation(
  ctx: ScopedContext,
  deps: CardGateDependencies,
  id: string,
): Promise<schemas.CardGateAttestation> {
  return decideOn(ctx, deps, id, 'approved', (row, self) => {
    if (self.account === row.requested_by_account) throw new ApiError('own_request');
    if (row.is_over) throw new ApiError('attestation_over');
  });
}

/** Refuses to open it. Whoever asked may do that, too. @throws `not_found`, `decided_already` */
export function rejectAttestation(
  ctx: ScopedContext,
  deps: CardGateDependencies,
  id: string,
): Promise<schemas.CardGateAttestation> {
  return decideOn(ctx, deps, id, 'rejected', () => {});
}

const actions = { approved: 'approve', rejected: 'reject' } as const;
const events = { approved: 'card_gate.opened', rejected: 'card_gate.rejected' } as const;

async function decideOn(
  ctx: ScopedContext,
  { sealer, propagating }: CardGateDependencies,
  id: string,
  status: 'approved' | 'rejected',
  check: (row: AttestationRow, self: ActingPerson) => void,
): Promise<schemas.CardGateAttestation> {
  const { scope } = ctx;
  const told: KeyChange[] = [];
  const decided = await mutate<schemas.CardGateAttestation>(
    ctx,
    {
      permission: 'card_gate:approve',
      audit: (made) => ({
        action: `card_gate.${actions[status]}`,
        object: id,
        details: { ...made },
      }),
    },
    async (tx) => {
      const self = await findPerson(tx, ctx, scope, 'card_gate:approve');
      await holdGate(tx, scope);
      const asked = await holdAttestation(tx.query, scope, id);
      if (asked.standing !== 'requested') throw new ApiError('decided_already');
      check(asked, self);
      if (status === 'approved') await refuseExposed(tx, scope);
      const values = [scope.organization, scope.mode, id, status, self.member, self.account];
      const [row] = await tx.query<AttestationRow>(decide, values);
      if (row === undefined) throw new Error('the attestation was not decided');
      if (status === 'approved') told.push(await open(tx, ctx, id));
      const made = toAttestation(row);
      tx.event({ type: events[status], object: id, data: made });
      await tellPeople(tx, sealer, row, status);
      return made;
    },
  );
  for (const change of told) await propagating.awaitPropagation(change);
  return decided;
}

/** What closed the gate has to be out of the way. @throws ApiError `card_key_exposed` */
async function refuseExposed(tx: Tx, scope: Scope): Promise<void> {
  const key = (await keysLyingOpen(tx, scope)).find(({ touchesCards }) => touchesCards);
  if (key === undefined) return;
  throw new ApiError('card_key_exposed', { detail: `Revoke the API key ${key.id} first.` });
}

/** From here on every process asks again what passes. */
async function open(tx: Tx, { scope }: ScopedContext, id: string): Promise<KeyChange> {
  await tx.query(replaceOthers, [scope.organization, scope.mode, id]);
  return announceChange(tx, scope, undefined);
}
