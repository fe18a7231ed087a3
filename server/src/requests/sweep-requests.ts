import { type Database, statement } from '../core/db.ts';
import { sweepInPieces } from '../core/sweep.ts';

/** How long a request is kept, in days. */
const keptDays = 30;
const atOnce = 5_000;
const roundsMax = 20;

const deleteOld = statement(
  'requests.sweep',
  `WITH gone AS (
     DELETE FROM api_requests WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM api_requests WHERE created_at < now() - interval '${keptDays} days'
       ORDER BY created_at LIMIT ${atOnce}))
     RETURNING 1
   ) SELECT count(*)::integer AS count FROM gone`,
);

/** Removes requests that are kept no longer. */
export function sweepRequests(db: Database): Promise<void> {
  return sweepInPieces(db, deleteOld, atOnce, roundsMax);
}
