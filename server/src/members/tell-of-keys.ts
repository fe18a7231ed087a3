import type { Tx } from '../core/mutate.ts';
import { tellBeyondOwner } from '../keys/index.ts';
import { findStanding, type Standing } from './standing.ts';

const nothing = { test: new Set<string>(), live: new Set<string>() };

/**
 * Tells of API keys that may do, after this change, what their owner may do no more.
 *
 * @param before members as they were before the change; who was disabled then held nothing
 */
export async function tellOfKeys(
  tx: Tx,
  organization: string,
  before: readonly Standing[],
): Promise<void> {
  for (const then of before.filter((member) => member.active)) {
    const now = await findStanding(tx.query, organization, then.id);
    const after = now?.active === true ? now.permissions : nothing;
    await tellBeyondOwner(tx, organization, { member: then.id, before: then.permissions, after });
  }
}
