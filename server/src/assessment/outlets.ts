import type { schemas } from 'payos-contract';
import { type Query, statement } from '../core/db.ts';

/** Names of who asked and who decided, over members and accounts. */
const people = (row: string) => `
   LEFT JOIN members r ON r.organization_id = ${row}.organization_id AND r.id = ${row}.requested_by
   LEFT JOIN accounts asking ON asking.id = r.account_id
   LEFT JOIN members d ON d.organization_id = ${row}.organization_id AND d.id = ${row}.decided_by
   LEFT JOIN accounts deciding ON deciding.id = d.account_id`;
const named = 'asking.name AS requested_by, deciding.name AS decided_by';

const selectDestinations = statement(
  'assessment.destinations',
  `SELECT f.id AS destination, f.mode, f.name, f.url, f.status, ${named}, f.decided_at,
     (SELECT count(*) FROM forwards s WHERE s.organization_id = f.organization_id
       AND s.destination_id = f.id AND s.created_at >= $2) AS forwards
   FROM forward_destinations f ${people('f')}
   WHERE f.organization_id = $1 ORDER BY f.mode, f.id`,
);
const selectRevealKeys = statement(
  'assessment.reveal_keys',
  `SELECT k.id AS reveal_key, k.mode, k.name, k.thumbprint, k.status, ${named}, k.decided_at,
     (SELECT count(*) FROM reveals s WHERE s.organization_id = k.organization_id
       AND s.recipient_id = k.id AND s.created_at >= $2) AS reveals
   FROM reveal_keys k ${people('k')}
   WHERE k.organization_id = $1 ORDER BY k.mode, k.id`,
);

/** Where cards can go: destinations of forwards, and keys that revealed cards are sealed to. */
export async function readOutlets(read: Query, organization: string, since: string) {
  const values = [organization, since];
  type Outlets = schemas.AssessedOrganization;
  return {
    destinations: await read<Outlets['destinations'][number]>(selectDestinations, values),
    reveal_keys: await read<Outlets['reveal_keys'][number]>(selectRevealKeys, values),
  };
}
