import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';

const endSessionsOf = statement(
  'sessions.end_of',
  `UPDATE sessions SET ended_at = now(), ended_reason = $4
   WHERE account_id = $1 AND ended_at IS NULL AND ($2::text IS NULL OR organization_id = $2)
     AND ($3::text IS NULL OR id <> $3)
   RETURNING id`,
);

type Which = {
  account: string;
  /** Only those that work in this organization. */
  organization?: string | undefined;
  /** The one that goes on. */
  except?: string | undefined;
};

/** Ends the sessions of a person. They end with the transaction. @returns how many */
export async function endSessions(tx: Tx, which: Which, reason: string): Promise<number> {
  const { account, organization, except } = which;
  const values = [account, organization ?? null, except ?? null, reason];
  const ended = await tx.query<{ id: string }>(endSessionsOf, values);
  return ended.length;
}
