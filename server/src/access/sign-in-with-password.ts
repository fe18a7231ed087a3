import type { schemas } from 'payos-contract';
import type { Static } from 'typebox';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Reply } from '../core/http/route.ts';
import type { Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { homeOf } from './home.ts';
import { openSession } from './open-session.ts';
import { passwordProof } from './password-proof.ts';
import { prove } from './prove.ts';

const selectStanding = statement(
  'accounts.standing',
  `SELECT a.enroll_until > now() AS may_enroll,
     EXISTS (SELECT FROM passkeys k WHERE k.account_id = a.id) OR EXISTS (
       SELECT FROM totp_factors t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL
     ) AS has_factor
   FROM accounts a WHERE a.id = $1`,
);

/**
 * First step of a sign-in. It opens a session of its own, whatever session the client has already,
 * so that nobody can prepare one for somebody else to sign in to (session fixation).
 */
export async function signInWithPassword(
  ctx: Context,
  deps: AccessDependencies,
  { email, password }: Static<typeof schemas.PasswordSignIn>,
): Promise<Reply> {
  const opened = await prove(ctx, deps, {
    permission: 'anyone',
    who: { email },
    proof: passwordProof(deps.passwords, password),
    settle: async (tx, account) => {
      const [state, organization] = await Promise.all([stateOf(tx, account), homeOf(tx, account)]);
      return openSession(tx, ctx, { account, organization, state, proofs: ['password'] });
    },
    audit: ({ id }) => ({ action: 'sign_in.pass', details: { proof: 'password', session: id } }),
  });
  return answerSession(ctx, deps, opened.token);
}

/** Who has no factor may enrol one while that is allowed; after that, somebody else must agree. */
async function stateOf(tx: Tx, account: string): Promise<SignedIn['state']> {
  type Standing = { may_enroll: boolean; has_factor: boolean };
  const [standing] = await tx.query<Standing>(selectStanding, [account]);
  const { may_enroll: mayEnroll = false, has_factor: hasFactor = true } = standing ?? {};
  return mayEnroll && !hasFactor ? 'enrollment' : 'second_factor';
}
