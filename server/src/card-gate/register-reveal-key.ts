import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { findPerson } from '../keys/index.ts';
import { checkPublicKey } from './check-public-key.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { type RevealKeyRow, revealKeyColumns, toRevealKey } from './reveal-key.ts';
import { tellOfRevealKey } from './tell-people.ts';

const insert = statement(
  'reveal_keys.insert',
  `INSERT INTO reveal_keys (organization_id, id, mode, name, public_key, thumbprint, requested_by,
     requested_by_account)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   RETURNING ${revealKeyColumns}`,
);

const keysMax = 10;
const countKeys = statement(
  'reveal_keys.count',
  `SELECT count(*)::int AS keys FROM reveal_keys
   WHERE organization_id = $1 AND mode = $2 AND status <> 'removed'`,
);

/**
 * Registers a public key that cards may be sealed to, once another person has approved it.
 *
 * @throws ApiError `invalid_request`, `reveal_key_exists`, `reveal_key_limit_reached`
 */
export async function registerRevealKey(
  ctx: ScopedContext,
  { sealer }: Pick<CardGateDependencies, 'sealer'>,
  input: schemas.CreateRevealKey,
): Promise<schemas.RevealKey> {
  const { scope } = ctx;
  const { publicKey, thumbprint } = await checkPublicKey(input.public_key);
  try {
    return await mutate<schemas.RevealKey>(
      ctx,
      {
        permission: 'card_gate:request',
        audit: ({ id, name }) => ({
          action: 'reveal_key.request',
          object: id,
          details: { name, thumbprint },
        }),
      },
      async (tx) => {
        const self = await findPerson(tx, ctx, scope, 'card_gate:request');
        const values = [scope.organization, scope.mode];
        const [there] = await tx.query<{ keys: number }>(countKeys, values);
        if (there === undefined || there.keys >= keysMax) {
          throw new ApiError('reveal_key_limit_reached');
        }
        const [row] = await tx.query<RevealKeyRow>(insert, [
          scope.organization,
          newId('revealKey'),
          scope.mode,
          input.name,
          JSON.stringify(publicKey),
          thumbprint,
          self.member,
          self.account,
        ]);
        if (row === undefined) throw new Error('the reveal key was not written');
        const key = toRevealKey(row);
        tx.event({ type: 'reveal_key.requested', object: key.id, data: key });
        await tellOfRevealKey(tx, sealer, scope.organization, key, 'requested');
        return key;
      },
    );
  } catch (error) {
    if (violates(error, 'reveal_keys_thumbprint')) throw new ApiError('reveal_key_exists');
    throw error;
  }
}
