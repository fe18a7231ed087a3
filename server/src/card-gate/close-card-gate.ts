import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { type AuditNote, mutate } from '../core/mutate.ts';
import type { KeyChange } from '../keys/index.ts';
import { readAttestations } from './attestation.ts';
import { closeGate } from './close-gate.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { toGate } from './get-card-gate.ts';

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
  const notes: AuditNote[] = [];
  const gate = await mutate<schemas.CardGate>(
    ctx,
    { permission: 'card_gate:close', audit: () => notes },
    async (tx) => {
      const closing = { by: ctx.actor.id, cause: 'person', reason } as const;
      const closed = await closeGate(tx, sealer, scope, closing);
      notes.push(...closed.notes);
      told.push(closed.announced);
      return toGate(scope.mode, await readAttestations(tx.query, scope));
    },
  );
  for (const change of told) await propagating.awaitPropagation(change);
  return gate;
}
