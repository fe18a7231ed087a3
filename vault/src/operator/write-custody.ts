import type { Db } from '../core/db.ts';

type CustodyAct = 'seal' | 'split' | 'share' | 'refuse' | 'unseal';

const insert = {
  name: 'operator-custody-entry',
  text: `INSERT INTO audit_log (actor, action, detail) VALUES ($1, 'custody.' || $2::text, $3)`,
};

/** An entry of the audit log about the root: who, when, what. Never holds a share. */
export async function writeCustody(
  db: Db,
  actor: string,
  act: CustodyAct,
  detail: string,
): Promise<void> {
  await db.run(insert, [actor, act, detail]);
}
