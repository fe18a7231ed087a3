import { endSessions } from '../access/index.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { Standing } from './standing.ts';

const shutOutOlder = statement(
  'members.shut_out',
  `UPDATE members SET sessions_valid_after = clock_timestamp()
   WHERE organization_id = $1 AND id = $2`,
);

/**
 * Ends the sessions of a member in this organization, and keeps those that work in another one at
 * the moment from coming back to it.
 *
 * @returns how many ended
 */
export async function shutOut(
  tx: Tx,
  organization: string,
  { id, account }: Standing,
  reason: string,
): Promise<number> {
  await tx.query(shutOutOlder, [organization, id]);
  return endSessions(tx, { account, organization }, reason);
}
