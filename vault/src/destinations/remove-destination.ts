import type { Mode } from 'payos-contract';
import type { Db } from '../core/db.ts';
import type { Origin } from '../tokens/owner-values.ts';

const remove = {
  name: 'destination-remove',
  text: `UPDATE forward_destinations
         SET removed_at = now(), removed_by = $4, removed_request = $5
         WHERE id = $1 AND organization_id = $2 AND mode = $3 AND removed_at IS NULL
         RETURNING id`,
};

/** Takes a destination off the list, for good. Doing it twice, or early, is doing it once. */
export async function removeDestination(
  db: Db,
  { destination, organization, mode }: { destination: string; organization: string; mode: Mode },
  { actor, requestId }: Origin,
): Promise<void> {
  await db.run(remove, [destination, organization, mode, actor, requestId]);
}
