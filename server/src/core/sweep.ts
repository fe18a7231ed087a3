import { type Database, run, type Statement } from './db.ts';

/**
 * Removes what is old in small pieces, so that no piece holds much up: more in a minute than a busy
 * installation adds.
 *
 * @param piece deletes at most `atOnce` rows and answers how many, as `count`
 */
export async function sweepInPieces(
  db: Database,
  piece: Statement,
  atOnce: number,
  roundsMax = 100,
): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const [gone] = await run<{ count: number }>(db.write, piece);
    if ((gone?.count ?? 0) < atOnce) return;
  }
}
