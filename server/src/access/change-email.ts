import type { schemas } from 'payos-contract';
import type { Static } from 'typebox';
import { clock } from '../core/clock.ts';
import { type Context, sessionOf } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { holdAccount } from './account.ts';
import { isDomainAllowed } from './authenticate.ts';
import { emailKey } from './create-account.ts';
import type { AccessDependencies } from './dependencies.ts';
import { endSessions } from './end-sessions.ts';
import { rereadSession } from './find-session.ts';
import { circumstancesOf, notify } from './notify.ts';
import { createLink, spendLink, voidLinksOf } from './one-time-link.ts';
import { passwordProof } from './password-proof.ts';
import { prove } from './prove.ts';
import { organizationsOf } from './whose.ts';

/** How long a new address may take to be confirmed. */
const confirmMinutes = 60;

/**
 * Begins to change the email address of whoever is signed in: the new one gets a link that proves
 * that it is theirs. Whether somebody else has it already is told to its owner alone, in the link.
 *
 * @throws ApiError `sign_in_failed`, `email_domain_refused`
 */
export async function changeEmail(
  ctx: Context,
  deps: AccessDependencies,
  { email, password }: Static<typeof schemas.ChangeEmail>,
): Promise<{ accepted: true }> {
  const session = sessionOf(ctx);
  const { policy } = await rereadSession(ctx.db, session);
  if (!isDomainAllowed(policy.emailDomains, email)) {
    const detail = `Allowed are addresses of: ${policy.emailDomains.join(', ')}.`;
    throw new ApiError('email_domain_refused', { detail });
  }
  await prove(ctx, deps, {
    permission: 'account',
    who: { account: session.account },
    proof: passwordProof(deps.passwords, password),
    again: session,
    settle: (tx, account) => sendLink(tx, ctx, deps, account, email),
    // Without the address: whoever reads an organization's log need not know it before it counts.
    audit: () => ({ action: 'email.change_request' }),
  });
  return { accepted: true };
}

async function sendLink(
  tx: Tx,
  ctx: Context,
  deps: AccessDependencies,
  account: string,
  email: string,
): Promise<void> {
  const link = { kind: 'email_change', account, email, minutes: confirmMinutes } as const;
  const token = await createLink(tx, link);
  const expiresAt = new Date(clock.nowMs() + confirmMinutes * 60_000).toISOString();
  const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
  const mail = { template: 'email_change', data: { token, expiresAt }, to: email } as const;
  await notify(tx, from, account, mail);
}

const replaceEmail = statement(
  'accounts.replace_email',
  'UPDATE accounts SET email = $2, email_key = $3 WHERE id = $1',
);

type Outcome = { account: string; email: string; organizations: string[] };

/**
 * Confirms a new address by the link that was sent to it. Other sessions end, as do links that went
 * to the old address, which is told.
 *
 * @throws ApiError `link_invalid`, `email_taken`
 */
export async function confirmEmail(
  ctx: Context,
  deps: AccessDependencies,
  token: string,
): Promise<{ accepted: true }> {
  await mutate<Outcome>(
    ctx,
    {
      permission: 'anyone',
      audit: ({ account, email, organizations }) => ({
        action: 'email.change',
        object: account,
        details: { email },
        actor: { type: 'account', id: account },
        where: { organizations },
      }),
    },
    async (tx) => {
      const { account_id: account, email } = await spendLink(tx, 'email_change', token);
      if (account === null || email === null) throw new ApiError('link_invalid');
      const { email: old } = await holdAccount(tx, account);
      await takeEmail(tx, account, email);
      await endSessions(tx, { account, except: ownSession(ctx, account) }, 'email_changed');
      await voidLinksOf(tx, account);
      const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
      await notify(tx, from, account, { template: 'email_changed', data: { email }, to: old });
      return { account, email, organizations: await organizationsOf(tx, account) };
    },
  );
  return { accepted: true };
}

async function takeEmail(tx: Tx, account: string, email: string): Promise<void> {
  try {
    await tx.query(replaceEmail, [account, email, emailKey(email)]);
  } catch (error) {
    throw violates(error, 'accounts_email_key_key') ? new ApiError('email_taken') : error;
  }
}

/** The session in which a person opens their own link goes on. */
function ownSession({ actor }: Context, account: string): string | undefined {
  if (actor.type !== 'account' || actor.session.state !== 'active') return undefined;
  return actor.session.account === account ? actor.session.id : undefined;
}
