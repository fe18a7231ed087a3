import type { Mode } from 'payos-contract';
import type { Db } from '../core/db.ts';
import type { Origin } from '../tokens/owner-values.ts';

const remove = {
  name: 'destination-remove',
  text: `
    INSERT INTO forward_destinations AS d
      (id, organization_id, mode, added_at, removed_at, removed_by, removed_request)
    VALUES ($1, $2, $3, NULL, now(), $4, $5)
    ON CONFLICT (id) DO UPDATE SET removed_at = excluded.removed_at,
      removed_by = excluded.removed_by, removed_request = excluded.removed_request
    WHERE d.organization_id = $2 AND d.mode = $3 AND d.removed_at IS NULL`,
};

/**
 * Takes a destination off the list, for good; doing it twice is doing it once. What is not there
 * yet is put there as removed: an addition that was overtaken on its way changes nothing.
 */
export async function removeDestination(
  db: Db,
  { destination, organization, mode }: { destination: string; organization: string; mode: Mode },
  { actor, requestId }: Origin,
): Promise<void> {
  await db.run(remove, [destination, organization, mode, actor, requestId]);
}
