import type { schemas } from 'payos-contract';
import { type Context, sessionOf } from '../core/context.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { advanceSession } from './advance-session.ts';
import { hasAllowedFactor } from './allowed-factor.ts';
import { newChallenge } from './challenge.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { rereadSession } from './find-session.ts';
import { passkeyProof, passkeysOf, takeAnswered } from './passkey.ts';
import { passwordProof } from './password-proof.ts';
import { type Proof, prove } from './prove.ts';
import { authenticationOptions, type Credential } from './relying-party.ts';
import { totpProof } from './totp.ts';

/** Opens a ceremony with one of the person's own passkeys. */
export async function stepUpOptions(ctx: Context, { party }: AccessDependencies) {
  const { account } = sessionOf(ctx);
  const { challenge, known } = await mutate(
    ctx,
    { permission: 'account', audit: () => undefined },
    async (tx: Tx) => ({
      challenge: await newChallenge(tx, 'step_up', account),
      known: await passkeysOf(tx, account),
    }),
  );
  return { options: await authenticationOptions(party, challenge, known) };
}

/**
 * Proves again who is sitting there, for acts that ask for it (ASVS 7.5.3). A factor makes the
 * session fresh; a password alone does not, it only stands beside a passkey where the card vault is
 * touched.
 */
export async function stepUp(
  ctx: Context,
  deps: AccessDependencies,
  given: schemas.StepUp,
): Promise<Reply> {
  const { method } = given;
  if (method !== 'password') await requireCounts(ctx, method);
  if (method === 'totp') {
    return confirm(ctx, deps, totpProof(deps.sealer, given.code ?? missing('code')));
  }
  if (method === 'password') {
    const password = given.password ?? missing('password');
    return confirm(ctx, deps, passwordProof(deps.passwords, password));
  }
  const credential: Credential = given.credential ?? missing('credential');
  const { account } = sessionOf(ctx);
  const answered = await mutate(ctx, { permission: 'account', audit: () => undefined }, (tx) =>
    takeAnswered(tx, 'step_up', credential, account),
  );
  return confirm(ctx, deps, passkeyProof(deps.party, credential, answered));
}

/** A factor that the organization does not allow is not asked for where it would not count. */
async function requireCounts(ctx: Context, method: 'totp' | 'passkey'): Promise<void> {
  const { policy, proofs } = await rereadSession(ctx.db, sessionOf(ctx));
  if (policy.allowedFactors.includes(method) || !hasAllowedFactor(policy, proofs)) return;
  const detail = `Allowed are: ${policy.allowedFactors.join(', ')}.`;
  throw new ApiError('factor_not_allowed', { detail });
}

async function confirm<S>(ctx: Context, deps: AccessDependencies, proof: Proof<S>): Promise<Reply> {
  const session = sessionOf(ctx);
  const token = await prove(ctx, deps, {
    permission: 'account',
    who: { account: session.account },
    proof,
    again: session,
    settle: (tx) => advanceSession(tx, session, proof.kind),
    audit: () => ({
      action: 'step_up.pass',
      object: session.id,
      details: { proof: proof.kind },
    }),
  });
  return answerSession(ctx, deps, token);
}

function missing(name: string): never {
  throw fieldError(`/${name}`, 'missing', `\`${name}\` is missing.`, 'Send it.');
}
