import { type Context, sessionOf } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import { advanceSession } from './advance-session.ts';
import { choosePassword, storePassword } from './choose-password.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { endSessions } from './end-sessions.ts';
import { circumstancesOf, notify } from './notify.ts';
import { voidLinksOf } from './one-time-link.ts';
import { passwordProof } from './password-proof.ts';
import { prove } from './prove.ts';
import { organizationsOf } from './whose.ts';

/**
 * Changes the password of whoever is signed in, who gives the present one. Other sessions end, and
 * so do links that were sent before (ASVS 7.4.3).
 *
 * @throws ApiError `sign_in_failed`, `password_refused`
 */
export async function changePassword(
  ctx: Context,
  deps: AccessDependencies,
  given: { current_password: string; password: string },
): Promise<Reply> {
  const session = sessionOf(ctx);
  const { account, id } = session;
  await prove(ctx, deps, {
    permission: 'account',
    who: { account },
    proof: passwordProof(deps.passwords, given.current_password),
    again: session,
    settle: async () => true,
    audit: () => ({ action: 'step_up.pass', object: id, details: { proof: 'password' } }),
  });
  const chosen = await choosePassword(ctx, deps, account, given.password);
  const { token } = await mutate<{ token: string; ended: number; organizations: string[] }>(
    ctx,
    {
      permission: 'account',
      audit: ({ ended, organizations }) => ({
        action: 'password.change',
        object: account,
        details: { sessions_ended: ended },
        where: { organizations },
      }),
    },
    async (tx) => {
      if (!(await storePassword(tx, account, chosen))) throw new ApiError('sign_in_failed');
      const ended = await endSessions(tx, { account, except: id }, 'password_changed');
      await voidLinksOf(tx, account);
      const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
      await notify(tx, from, account, { template: 'password_changed', data: {} });
      const token = await advanceSession(tx, session, 'password');
      return { token, ended, organizations: await organizationsOf(tx, account) };
    },
  );
  return answerSession(ctx, deps, token);
}
