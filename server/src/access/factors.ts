import type { schemas } from 'payos-contract';
import { type Context, sessionOf } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { rereadSession } from './find-session.ts';
import { wrongCodesMax } from './totp.ts';

/** Kinds of factors that are enrolled; recovery codes come by themselves. */
export type Enrollable = 'passkey' | 'totp';

type TotpRow = { created_at: string; last_used_at: string | null };

const selectPasskeys = statement(
  'passkeys.list',
  `SELECT id, name, synced, created_at, last_used_at FROM passkeys
   WHERE account_id = $1 ORDER BY created_at, id`,
);
const selectTotp = statement(
  'totp.get',
  `SELECT confirmed_at AS created_at, last_used_at FROM totp_factors
   WHERE account_id = $1 AND confirmed_at IS NOT NULL`,
);
const countCodes = statement(
  'codes.count',
  `SELECT count(*)::int AS left FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL`,
);

/** The factors of whoever asks. Not before the second factor was given. */
export async function listFactors(ctx: Context): Promise<schemas.Factors> {
  const session = sessionOf(ctx);
  if (session.state === 'second_factor') throw new ApiError('sign_in_unfinished');
  const { account, policy } = await rereadSession(ctx.db, session);
  const [passkeys, [totp = null], [codes]] = await Promise.all([
    run<schemas.Passkey>(ctx.db.write, selectPasskeys, [account]),
    run<TotpRow>(ctx.db.write, selectTotp, [account]),
    run<{ left: number }>(ctx.db.write, countCodes, [account]),
  ]);
  const allowed = (['passkey', 'totp'] as const).filter((kind) =>
    policy.allowedFactors.includes(kind),
  );
  return { passkeys, totp, recovery_codes: { left: codes?.left ?? 0 }, allowed };
}

const countFactors = statement(
  'accounts.count_factors',
  `SELECT (SELECT count(*)::int FROM passkeys WHERE account_id = $1) AS passkeys,
     (SELECT count(*)::int FROM totp_factors
      WHERE account_id = $1 AND confirmed_at IS NOT NULL
        AND failed_attempts < ${wrongCodesMax}) AS totp,
     (SELECT count(*)::int FROM recovery_codes
      WHERE account_id = $1 AND used_at IS NULL) AS codes`,
);

export type FactorCount = { passkeys: number; totp: number; codes: number };

/** How many factors an account has. Its row is held by the caller, so that it stays so. */
export async function factorsHeld(tx: Tx, account: string): Promise<FactorCount> {
  const [row] = await tx.query<FactorCount>(countFactors, [account]);
  return row ?? { passkeys: 0, totp: 0, codes: 0 };
}

/** @throws ApiError `last_factor` when what is left is none that works */
export function requireAnother({ passkeys, totp }: FactorCount): void {
  if (passkeys + totp === 0) throw new ApiError('last_factor');
}
