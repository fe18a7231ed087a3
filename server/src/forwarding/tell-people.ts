import { tellDeciders } from '../access/index.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import type { DestinationRow } from './destination.ts';

/**
 * Writes to everybody who decides where live cards may be sent, with the change or not at all. In
 * test mode nothing is at stake.
 */
export async function tellPeople(
  tx: Tx,
  sealer: Sealer,
  { organization_id, mode, name, url }: DestinationRow,
  what: 'requested' | 'approved',
): Promise<void> {
  if (mode !== 'live') return;
  await tellDeciders(tx, sealer, organization_id, 'forwarding:approve', {
    template: 'forward_destination',
    data: { what, destination: name, url },
  });
}
