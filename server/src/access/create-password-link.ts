import type { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { mutate } from '../core/mutate.ts';
import { linkTo } from '../mail/index.ts';
import { holdByEmail } from './account.ts';
import { createLink } from './one-time-link.ts';
import { linkMinutes } from './send-password-resets.ts';
import { organizationsOf } from './whose.ts';

type Outcome = { account: string; made: schemas.PasswordLink; organizations: string[] };

/**
 * Makes a link to choose a new password, for whoever stands on the machine to hand over: where no
 * mail can be sent there is no other way back. The password itself is chosen by the person alone
 * (ASVS 6.4.6), and factors stay.
 *
 * @throws ApiError `not_found`
 */
export async function createPasswordLink(
  ctx: Context,
  publicUrl: string,
  email: string,
): Promise<schemas.PasswordLink> {
  const { made } = await mutate<Outcome>(
    ctx,
    {
      permission: 'operator:people',
      audit: ({ account, organizations }) => ({
        action: 'account.create_password_link',
        object: account,
        where: { organizations },
      }),
    },
    async (tx) => {
      const { id: account, email: address } = await holdByEmail(tx, email);
      const token = await createLink(tx, { kind: 'password_reset', account, minutes: linkMinutes });
      const expires = new Date(clock.nowMs() + linkMinutes * 60_000).toISOString();
      const link = linkTo(publicUrl, 'password_reset', token);
      const organizations = await organizationsOf(tx, account);
      return { account, made: { email: address, link, expires_at: expires }, organizations };
    },
  );
  return made;
}
