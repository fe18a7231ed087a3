import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Reply } from '../core/http/route.ts';
import type { Tx } from '../core/mutate.ts';
import type { AccessDependencies } from './dependencies.ts';
import { answerSession } from './describe-session.ts';
import { finishSignIn, requireSecondFactorDue, started } from './finish-sign-in.ts';
import { circumstancesOf, notify } from './notify.ts';
import { prove } from './prove.ts';
import { recoveryCodeProof } from './recovery-codes.ts';

const countLeft = statement(
  'codes.count_left',
  `SELECT count(*)::int AS left FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL`,
);

/** Second step of a sign-in: one of the ten codes kept for the day the other factors are lost. */
export async function signInWithRecoveryCode(
  ctx: Context,
  deps: AccessDependencies,
  code: string,
): Promise<Reply> {
  const session = requireSecondFactorDue(ctx);
  const token = await prove(ctx, deps, {
    permission: 'sign_in',
    who: { account: session.account },
    proof: recoveryCodeProof(deps.passwords, code),
    settle: async (tx, account) => {
      await tellOfUse(tx, ctx, deps, account);
      return finishSignIn(tx, ctx, deps, 'recovery_code');
    },
    audit: () => started(session.id, [...session.proofs, 'recovery_code']),
  });
  return answerSession(ctx, deps, token);
}

async function tellOfUse(tx: Tx, ctx: Context, deps: AccessDependencies, account: string) {
  const [row] = await tx.query<{ left: number }>(countLeft, [account]);
  const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
  const data = { left: row?.left ?? 0 };
  await notify(tx, from, account, { template: 'recovery_code_used', data });
}
