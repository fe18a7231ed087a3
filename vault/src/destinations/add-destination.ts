import { fieldFaults, type schemas } from 'payos-contract';
import { type Db, sqlState } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import type { Origin } from '../tokens/owner-values.ts';

/** Saying the same again changes nothing; saying something else under a known id does neither. */
const add = {
  name: 'destination-add',
  text: `
    INSERT INTO forward_destinations (id, organization_id, mode, url, content_type, fields,
      requested_by, approved_by, added_by, added_request)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (id) DO UPDATE SET removed_at = forward_destinations.removed_at
    WHERE (forward_destinations.organization_id, forward_destinations.mode,
           forward_destinations.url, forward_destinations.content_type, forward_destinations.fields)
      = ($2, $3, $4, $5, $6::jsonb) AND forward_destinations.removed_at IS NULL
    RETURNING id`,
};

const checkViolation = '23514';

/**
 * Puts a destination on the vault's own list. Throws {@link Refusal} `invalid_request` for a URL or
 * places that cannot be, `own_request` where the database misses a second person, and
 * `destination_not_allowed` for one that was removed, or is known otherwise.
 */
export async function addDestination(
  db: Db,
  told: schemas.AddForwardDestination,
  { actor, requestId }: Origin,
): Promise<void> {
  const { destination, organization, mode, content_type, fields } = told;
  const url = URL.parse(told.url);
  if (url?.protocol !== 'https:' || url.search !== '' || url.hash !== '') {
    throw new Refusal('invalid_request', { param: 'url' });
  }
  const errors = fieldFaults(content_type, fields);
  if (errors.length > 0) throw new Refusal('invalid_request', { errors });
  const values = [
    ...[destination, organization, mode, url.href, content_type, JSON.stringify(fields)],
    ...[told.requested_by, told.approved_by, actor, requestId],
  ];
  try {
    const rows = await db.run(add, values);
    if (rows.length === 0) throw new Refusal('destination_not_allowed');
  } catch (error) {
    if (sqlState(error) === checkViolation) throw new Refusal('own_request');
    throw error;
  }
}
