import { type Database, run, statement } from '../core/db.ts';

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

/** Removes what is old, in small pieces: more in a minute than a busy installation adds. */
export async function sweepRequests(db: Database): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const [gone] = await run<{ count: number }>(db.write, deleteOld);
    if ((gone?.count ?? 0) < atOnce) return;
  }
}
