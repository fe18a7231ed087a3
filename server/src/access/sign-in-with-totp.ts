import type { Context } from '../core/context.ts';
import type { Reply } from '../core/http/route.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { finishSignIn, requireSecondFactorDue, started } from './finish-sign-in.ts';
import { prove } from './prove.ts';
import { totpProof } from './totp.ts';

/** Second step of a sign-in: a code of the authenticator app. */
export async function signInWithTotp(
  ctx: Context,
  deps: AccessDependencies,
  code: string,
): Promise<Reply> {
  const session = requireSecondFactorDue(ctx);
  const token = await prove(ctx, deps, {
    permission: 'sign_in',
    who: { account: session.account },
    proof: totpProof(deps.sealer, code),
    settle: (tx) => finishSignIn(tx, ctx, deps, 'totp'),
    audit: () => started(session.id, [...session.proofs, 'totp']),
  });
  return answerSession(ctx, deps, token);
}
