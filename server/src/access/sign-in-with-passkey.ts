import type { Context } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { newChallenge } from './challenge.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { finishSignIn, started, tellOfNewDevice } from './finish-sign-in.ts';
import { homeOf } from './home.ts';
import { forgetTries } from './lockout.ts';
import { openSession } from './open-session.ts';
import { passkeyProof, passkeysOf, takeAnswered } from './passkey.ts';
import { prove, recordFailure } from './prove.ts';
import { authenticationOptions, type Credential } from './relying-party.ts';

/** The session that waits for a second factor, if this client has one. */
function waiting({ actor }: Context): SignedIn | undefined {
  const session = actor.type === 'account' ? actor.session : undefined;
  return session?.state === 'second_factor' ? session : undefined;
}

/**
 * Opens a ceremony. After a password it names that person's passkeys; before, it names none: who
 * has an account must not be told.
 */
export async function passkeySignInOptions(ctx: Context, { party }: AccessDependencies) {
  const account = waiting(ctx)?.account;
  const { challenge, known } = await mutate(
    ctx,
    { permission: 'anyone', audit: () => undefined },
    async (tx) => ({
      challenge: await newChallenge(tx, 'sign_in', account),
      known: account === undefined ? [] : await passkeysOf(tx, account),
    }),
  );
  return { options: await authenticationOptions(party, challenge, known) };
}

/**
 * Signs in with a passkey: by itself, because it has verified its user (possession and knowledge
 * or inherence), or as the second factor after a password.
 */
export async function signInWithPasskey(
  ctx: Context,
  deps: AccessDependencies,
  credential: Credential,
): Promise<Reply> {
  const session = waiting(ctx);
  const answered = await mutate(ctx, { permission: 'anyone', audit: () => undefined }, async (tx) =>
    takeAnswered(tx, 'sign_in', credential, session?.account),
  );
  if (answered === undefined) {
    await recordFailure(ctx, deps, {
      permission: 'anyone',
      who: session,
      kind: 'passkey',
      tried: undefined,
      again: undefined,
      reason: 'wrong',
    });
    throw new ApiError('sign_in_failed');
  }
  const proofs = [...(session?.proofs ?? []), 'passkey'];
  const opened = await prove(ctx, deps, {
    permission: 'anyone',
    who: { account: answered.passkey.account_id },
    proof: passkeyProof(deps.party, credential, answered),
    settle: async (tx, account) => {
      if (session === undefined) return openFinished(tx, ctx, deps, account);
      await forgetTries(tx, account);
      return { id: session.id, token: await finishSignIn(tx, ctx, deps, 'passkey') };
    },
    audit: ({ id }) => started(id, proofs),
  });
  return answerSession(ctx, deps, opened.token);
}

async function openFinished(tx: Tx, ctx: Context, deps: AccessDependencies, account: string) {
  await tellOfNewDevice(tx, ctx, deps, account);
  const organization = await homeOf(tx, account);
  return openSession(tx, ctx, { account, organization, state: 'active', proofs: ['passkey'] });
}
