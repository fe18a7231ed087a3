import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import { secretBytes } from '../core/random.ts';
import { holdAccount } from './account.ts';
import type { AccessDependencies } from './dependencies.ts';
import { enroll, requireMayEnroll } from './enroll.ts';
import { describeTotp, totpProof, totpPurpose, wrongCodesMax } from './totp.ts';

/**
 * An app that is being set up may be set up anew, and so may one that wrong codes have ended; one
 * that works is not replaced.
 */
const putSecret = statement(
  'totp.put',
  `INSERT INTO totp_factors (account_id, secret_sealed) VALUES ($1, $2)
   ON CONFLICT (account_id) DO UPDATE SET secret_sealed = $2, last_step = 0, created_at = now(),
     confirmed_at = NULL, failed_attempts = 0
   WHERE totp_factors.confirmed_at IS NULL OR totp_factors.failed_attempts >= ${wrongCodesMax}
   RETURNING account_id`,
);

/**
 * Begins to set an authenticator app up. Nothing is changed by it until a code has confirmed it.
 *
 * @throws ApiError `factor_exists`, `factor_not_allowed`
 */
export async function beginTotp(
  ctx: Context,
  { sealer }: AccessDependencies,
): Promise<{ secret: string; uri: string }> {
  const { account } = await requireMayEnroll(ctx, 'totp');
  // 160 bits (RFC 4226 §4).
  const secret = secretBytes(20);
  const email = await mutate<string>(
    ctx,
    { permission: 'sign_in', audit: () => undefined },
    async (tx) => {
      const { email } = await holdAccount(tx, account);
      const sealed = sealer.seal(secret, totpPurpose, account);
      const put = await tx.query(putSecret, [account, sealed]);
      if (put.length === 0) throw new ApiError('factor_exists');
      return email;
    },
  );
  return describeTotp(secret, email);
}

/**
 * Confirms the app with its first code, which thereby is used up.
 *
 * @throws ApiError `sign_in_failed` when the code is wrong or nothing was begun
 */
export async function confirmTotp(
  ctx: Context,
  deps: AccessDependencies,
  code: string,
): Promise<Reply> {
  const session = await requireMayEnroll(ctx, 'totp');
  const proof = totpProof(deps.sealer, code, false);
  const stored = await mutate(ctx, { permission: 'sign_in', audit: () => undefined }, (tx) =>
    proof.read(tx, session.account),
  );
  const claim = await proof.check(stored);
  if (claim === undefined) throw new ApiError('sign_in_failed');
  return enroll(ctx, deps, session, {
    kind: 'totp',
    store: async (tx) => {
      if (!(await claim(tx))) throw new ApiError('sign_in_failed');
      return undefined;
    },
  });
}
