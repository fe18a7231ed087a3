import { type Database, run, statement } from '../../core/db.ts';
import { sweepInPieces } from '../../core/sweep.ts';

/** How long it can be seen how far a change came, in days. */
const keptDays = 30;
const atOnce = 5_000;

const deleteOld = statement(
  'keys.sweep_changes',
  `WITH gone AS (
     DELETE FROM key_changes WHERE id IN (
       SELECT id FROM (SELECT id, created_at FROM key_changes ORDER BY id LIMIT ${atOnce}) AS first
       WHERE created_at < now() - interval '${keptDays} days')
     RETURNING 1
   ) SELECT count(*)::integer AS count FROM gone`,
);
/** Of processes that did not end in good order. */
const deleteNodes = statement(
  'keys.sweep_nodes',
  `DELETE FROM key_nodes WHERE seen_at < now() - interval '1 hour'`,
);

/** Removes changes of keys of long ago, and processes that are gone. */
export async function sweepKeyChanges(db: Database): Promise<void> {
  await run(db.write, deleteNodes);
  await sweepInPieces(db, deleteOld, atOnce);
}
