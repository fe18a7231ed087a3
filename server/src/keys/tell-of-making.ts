import type { schemas } from 'payos-contract';
import { circumstancesOf } from '../access/index.ts';
import type { Context } from '../core/context.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { readHolders } from './holders.ts';
import type { ApiKeyRow } from './key-row.ts';
import { tellKeepers } from './tell-keepers.ts';

/**
 * Writes to those who look after a new key that it was made, and by whom: somebody else may sit at
 * the keyboard. Of keys that move no money nobody wants a mail.
 */
export async function tellOfMaking(
  tx: Tx,
  ctx: Context,
  sealer: Sealer,
  row: ApiKeyRow,
): Promise<void> {
  if (!isTold(row)) return;
  const data = { ...circumstancesOf(ctx), by: await actorName(tx, ctx, row) };
  await tellKeepers(tx, sealer, row, { template: 'api_key_created', data });
}

/** The same of a key that was given a successor. @param row the old one */
export async function tellOfRotation(
  tx: Tx,
  ctx: Context,
  sealer: Sealer,
  row: ApiKeyRow,
  successor: schemas.ApiKey,
): Promise<void> {
  const { retires_at: retiresAt } = row;
  if (!isTold(row) || retiresAt === null) return;
  const by = await actorName(tx, ctx, row);
  const data = { ...circumstancesOf(ctx), by, retiresAt, successor: successor.hint };
  await tellKeepers(tx, sealer, row, { template: 'api_key_rotated', data });
}

const isTold = ({ mode, kind }: ApiKeyRow) => mode === 'live' && kind !== 'publishable';

/** Undefined: an operator. */
async function actorName(tx: Tx, { actor }: Context, row: ApiKeyRow): Promise<string | undefined> {
  // Whoever had it in hand.
  if (actor.type === 'api_key') return 'the key itself';
  if (actor.type !== 'member') return undefined;
  const holders = await readHolders(tx.query, row.organization_id, [actor.id]);
  return holders.get(actor.id)?.name;
}
