import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';

const selectHome = statement(
  'sessions.home',
  `SELECT m.organization_id FROM members m
   LEFT JOIN LATERAL (
     SELECT max(s.last_used_at) AS at FROM sessions s
     WHERE s.account_id = m.account_id AND s.organization_id = m.organization_id
   ) used ON true
   WHERE m.account_id = $1 AND m.status = 'active'
   ORDER BY used.at DESC NULLS LAST, m.created_at, m.organization_id LIMIT 1`,
);

/** The organization a new session of an account begins in: the one it was last in. */
export async function homeOf(tx: Tx, account: string): Promise<string | undefined> {
  const [row] = await tx.query<{ organization_id: string }>(selectHome, [account]);
  return row?.organization_id;
}
