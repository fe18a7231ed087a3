import type { Context } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { choosePassword, storePassword } from './choose-password.ts';
import type { AccessDependencies } from './dependencies.ts';
import { endSessions } from './end-sessions.ts';
import { circumstancesOf, notify } from './notify.ts';
import { readLink, spendLink, voidLinksOf } from './one-time-link.ts';
import { organizationsOf } from './whose.ts';

/**
 * Chooses a new password by a link that was mailed. Factors stay as they are, and are needed to
 * sign in after it (ASVS 6.4.3); every session ends; a lock stays until its time is over.
 *
 * @throws ApiError `link_invalid`, `password_refused`
 */
export async function resetPassword(
  ctx: Context,
  deps: AccessDependencies,
  { token, password }: { token: string; password: string },
): Promise<{ accepted: true }> {
  const { account_id: account } = await readLink(ctx.db, 'password_reset', token);
  if (account === null) throw new ApiError('link_invalid');
  const chosen = await choosePassword(ctx, deps, account, password);
  await mutate<{ ended: number; organizations: string[] }>(
    ctx,
    {
      permission: 'anyone',
      audit: ({ ended, organizations }) => ({
        action: 'password.reset',
        object: account,
        details: { sessions_ended: ended },
        actor: { type: 'account', id: account },
        where: { organizations },
      }),
    },
    async (tx) => {
      await spendLink(tx, 'password_reset', token);
      if (!(await storePassword(tx, account, chosen))) throw new ApiError('link_invalid');
      const ended = await endSessions(tx, { account }, 'password_reset');
      await voidLinksOf(tx, account);
      const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
      await notify(tx, from, account, { template: 'password_changed', data: {} });
      return { ended, organizations: await organizationsOf(tx, account) };
    },
  );
  return { accepted: true };
}
