import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { mutate } from '../core/mutate.ts';
import { holdByEmail } from './account.ts';
import { unlockAccount } from './lockout.ts';
import { organizationsOf } from './whose.ts';

type Outcome = { unlocked: schemas.AccountUnlocked; organizations: string[] };

/**
 * Ends the lock that ten wrong tries put on an account, for whoever stands on the machine: any
 * stranger who knows the address can lock the only owner, whom nobody else could unlock.
 *
 * @throws ApiError `not_found`
 */
export async function unlockByOperator(
  ctx: Context,
  email: string,
): Promise<schemas.AccountUnlocked> {
  const { unlocked } = await mutate<Outcome>(
    ctx,
    {
      permission: 'operator:people',
      audit: ({ unlocked, organizations }) => ({
        action: 'account.unlock',
        object: unlocked.account,
        where: { organizations },
      }),
    },
    async (tx) => {
      const { id: account, email: address } = await holdByEmail(tx, email);
      const locked = await unlockAccount(tx, account);
      const organizations = await organizationsOf(tx, account);
      return { unlocked: { account, email: address, was_locked: locked }, organizations };
    },
  );
  return unlocked;
}
