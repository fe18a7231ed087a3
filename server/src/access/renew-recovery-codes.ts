import { type Context, sessionOf } from '../core/context.ts';
import { mutate } from '../core/mutate.ts';
import { holdAccount } from './account.ts';
import type { AccessDependencies } from './dependencies.ts';
import { endSessions } from './end-sessions.ts';
import { circumstancesOf, notify } from './notify.ts';
import { newRecoveryCodes, storeRecoveryCodes } from './recovery-codes.ts';
import { organizationsOf } from './whose.ts';

/** Makes ten new recovery codes. The old ones are void, and other sessions end. */
export async function renewRecoveryCodes(
  ctx: Context,
  deps: AccessDependencies,
): Promise<{ codes: string[] }> {
  const { account, id } = sessionOf(ctx);
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
