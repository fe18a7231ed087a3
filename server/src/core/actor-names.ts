import { type Database, statement } from './db.ts';

const selectNames = statement(
  'actors.names',
  `SELECT m.id, a.name FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND m.id = ANY($2)
   UNION ALL
   SELECT a.id, a.name FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND a.id = ANY($2)
   UNION ALL
   SELECT id, name FROM api_keys WHERE organization_id = $1 AND id = ANY($2)`,
);

/** How the people and keys of an organization are called now, by the id under which they acted. */
export async function actorNames(
  db: Database,
  organization: string,
  rows: readonly { actor_id: string }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.map((row) => row.actor_id))];
  const named = await db.read<{ id: string; name: string }>(selectNames, [organization, ids]);
  return new Map(named.map(({ id, name }) => [id, name]));
}
