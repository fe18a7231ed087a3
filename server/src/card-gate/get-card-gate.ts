import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { timeMs } from '../core/id-time.ts';
import { readAttestations } from './attestation.ts';

/** What passes the gate of this mode now, and what waits for a decision. */
export async function getCardGate(ctx: ScopedContext): Promise<schemas.CardGate> {
  return toGate(ctx.scope.mode, await readAttestations(ctx.db.read, ctx.scope));
}

/** Every attestation of this mode, newest first. */
export async function listAttestations(
  ctx: ScopedContext,
): Promise<schemas.CardGateAttestationList> {
  return { data: await readAttestations(ctx.db.read, ctx.scope) };
}

/** The gate that follows from these attestations. */
export function toGate(
  mode: schemas.CardGate['mode'],
  attestations: readonly schemas.CardGateAttestation[],
): schemas.CardGate {
  const open = attestations.find(({ status }) => status === 'open') ?? null;
  return {
    object: 'card_gate',
    mode,
    scopes: open?.scopes ?? { raw_cards: false, reveal: false },
    open,
    requested: attestations.find(({ status }) => status === 'requested') ?? null,
    closed: open === null ? closedLast(attestations) : null,
  };
}

function closedLast(attestations: readonly schemas.CardGateAttestation[]) {
  const closed = attestations.filter(({ status }) => status === 'closed');
  const at = ({ closed_at }: schemas.CardGateAttestation) => timeMs(closed_at ?? '');
  return closed.sort((one, other) => at(other) - at(one))[0] ?? null;
}
