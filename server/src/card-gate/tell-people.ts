import type { schemas } from 'payos-contract';
import { tellDeciders } from '../access/index.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import type { MailData } from '../mail/index.ts';
import type { AttestationRow } from './attestation.ts';

/**
 * Writes to everybody who decides on the gate of live mode, with the change or not at all: two
 * people who open it together do not do so unseen. In test mode nothing is at stake.
 */
export async function tellPeople(
  tx: Tx,
  sealer: Sealer,
  row: AttestationRow,
  what: MailData['card_gate']['what'],
): Promise<void> {
  if (row.mode !== 'live') return;
  const scopes: schemas.GateScopes = { raw_cards: row.raw_cards, reveal: row.reveal };
  await tellDeciders(tx, sealer, row.organization_id, 'card_gate:approve', {
    template: 'card_gate',
    data: {
      what,
      scopes,
      until: row.valid_until,
      reason: row.closed_reason,
      cause: row.closed_cause,
    },
  });
}

/** The same of a key that cards of live mode are to be sealed to. */
export async function tellOfRevealKey(
  tx: Tx,
  sealer: Sealer,
  organization: string,
  { mode, name, thumbprint }: schemas.RevealKey,
  what: MailData['reveal_key']['what'],
): Promise<void> {
  if (mode !== 'live') return;
  await tellDeciders(tx, sealer, organization, 'card_gate:approve', {
    template: 'reveal_key',
    data: { what, label: name, thumbprint },
  });
}
