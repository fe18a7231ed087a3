import type { schemas } from 'payos-contract';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import type { Origin, OwnedToken } from '../tokens/owner-values.ts';

const claim = {
  name: 'reveal-claim',
  text: 'SELECT wait_s, sealed FROM claim_reveal($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
};

type Row = { wait_s: number | null; sealed: Buffer | null };

/**
 * Counts the try and reads the sealed card, in one statement: however many come at once, no more
 * than may be get a card.
 *
 * @param id of this reveal
 * @param why the code of its reason, for the audit log
 * @throws Refusal `not_found`, `reveal_limit_exceeded`
 */
export async function claimReveal(
  db: Db,
  { organization, mode, token }: OwnedToken,
  { actor, requestId }: Origin,
  limits: schemas.RevealLimits,
  { id, why }: { id: string; why: string },
): Promise<Buffer> {
  const { key_per_hour, key_per_day, all_per_hour, all_per_day } = limits;
  const counts = [key_per_hour, key_per_day, all_per_hour, all_per_day];
  const values = [id, organization, mode, actor, token, requestId, why, ...counts];
  const [row] = await db.run<Row>(claim, values);
  if (row === undefined) throw new Refusal('not_found');
  if (row.sealed !== null) return row.sealed;
  throw new Refusal('reveal_limit_exceeded', {}, { 'Retry-After': String(row.wait_s) });
}
