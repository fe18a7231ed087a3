import { type Context, sessionOf } from '../core/context.ts';
import { mutate } from '../core/mutate.ts';
import { RateLimiter, requireTurn } from '../core/rate-limit.ts';
import { holdAccount } from './account.ts';
import type { AccessDependencies } from './dependencies.ts';
import { endSessions } from './end-sessions.ts';
import { circumstancesOf, notify } from './notify.ts';
import { newRecoveryCodes, storeRecoveryCodes } from './recovery-codes.ts';
import { organizationsOf } from './whose.ts';

/** Ten hashes each: so often an hour and account. */
const renewalsMax = 3;
const renewals = new RateLimiter();

/**
 * Makes ten new recovery codes. The old ones are void, and other sessions end.
 *
 * @throws ApiError `rate_limited`, `unavailable`
 */
export async function renewRecoveryCodes(
  ctx: Context,
  deps: AccessDependencies,
): Promise<{ codes: string[] }> {
  const { account, id } = sessionOf(ctx);
  const verdict = renewals.take(account, renewalsMax, 3_600_000);
  requireTurn(verdict, 'New codes are made three times an hour.');
  const made = await newRecoveryCodes(deps.passwords);
  await mutate<string[]>(
    ctx,
    {
      permission: 'account',
      audit: (organizations) => ({
        action: 'recovery_codes.renew',
        object: account,
        where: { organizations },
      }),
    },
    async (tx) => {
      await holdAccount(tx, account);
      await storeRecoveryCodes(tx, account, made);
      await endSessions(tx, { account, except: id }, 'recovery_codes_renewed');
      const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
      await notify(tx, from, account, { template: 'recovery_codes_renewed', data: {} });
      return organizationsOf(tx, account);
    },
  );
  return { codes: made.plain };
}
