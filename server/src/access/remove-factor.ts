import type { schemas } from 'payos-contract';
import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { holdAccount } from './account.ts';
import type { AccessDependencies } from './dependencies.ts';
import { endSessions } from './end-sessions.ts';
import { type Enrollable, factorsHeld, listFactors, requireAnother } from './factors.ts';
import { circumstancesOf, notify } from './notify.ts';
import { organizationsOf } from './whose.ts';

const deletePasskey = statement(
  'passkeys.delete',
  'DELETE FROM passkeys WHERE id = $1 AND account_id = $2 RETURNING name',
);
const deleteTotp = statement(
  'totp.delete',
  `DELETE FROM totp_factors WHERE account_id = $1 AND confirmed_at IS NOT NULL
   RETURNING account_id`,
);

/** Removes a passkey of whoever asks. @throws ApiError `not_found`, `last_factor` */
export function removePasskey(
  ctx: Context,
  deps: AccessDependencies,
  id: string,
): Promise<schemas.Factors> {
  return remove(ctx, deps, 'passkey', id, async (tx, account) => {
    const [row] = await tx.query<{ name: string }>(deletePasskey, [id, account]);
    return row;
  });
}

/** Removes the authenticator app of whoever asks. @throws ApiError `not_found`, `last_factor` */
export function removeTotp(ctx: Context, deps: AccessDependencies): Promise<schemas.Factors> {
  return remove(ctx, deps, 'totp', undefined, async (tx, account) => {
    const [row] = await tx.query(deleteTotp, [account]);
    return row === undefined ? undefined : {};
  });
}

type Outcome = { name: string | undefined; organizations: string[] };

async function remove(
  ctx: Context,
  { sealer }: AccessDependencies,
  factor: Enrollable,
  id: string | undefined,
  take: (tx: Tx, account: string) => Promise<{ name?: string } | undefined>,
): Promise<schemas.Factors> {
  const session = sessionOf(ctx);
  const { account } = session;
  await mutate<Outcome>(
    ctx,
    {
      permission: 'account',
      audit: ({ name, organizations }) => ({
        action: 'factor.remove',
        object: id ?? account,
        details: { factor, ...(name === undefined ? {} : { name }) },
        where: { organizations },
      }),
    },
    async (tx) => {
      await holdAccount(tx, account);
      const removed = await take(tx, account);
      if (removed === undefined) {
        throw new ApiError('not_found', { detail: 'You have no such factor.' });
      }
      requireAnother(await factorsHeld(tx, account));
      await endSessions(tx, { account, except: session.id }, 'factor_removed');
      const { name } = removed;
      const data = { factor, ...(name === undefined ? {} : { label: name }) };
      const from = { sealer, circumstances: circumstancesOf(ctx) };
      await notify(tx, from, account, { template: 'factor_removed', data });
      return { name, organizations: await organizationsOf(tx, account) };
    },
  );
  return listFactors(ctx);
}
