import type { schemas } from 'payos-contract';
import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { advanceSession } from './advance-session.ts';
import type { AccessDependencies } from './dependencies.ts';
import { describeDevice } from './device.ts';
import { circumstancesOf, notify } from './notify.ts';

/** The session whose second factor is due. @throws ApiError `step_not_due` */
export function requireSecondFactorDue(ctx: Context): SignedIn {
  const session = sessionOf(ctx);
  if (session.state !== 'second_factor') throw new ApiError('step_not_due');
  return session;
}

/** The last step of a sign-in, after the password. @returns the new token */
export async function finishSignIn(
  tx: Tx,
  ctx: Context,
  deps: AccessDependencies,
  proof: schemas.Proof,
): Promise<string> {
  const session = requireSecondFactorDue(ctx);
  await tellOfNewDevice(tx, ctx, deps, session.account);
  return advanceSession(tx, session, proof);
}

/** What the audit log says of a finished sign-in (ASVS 16.3.1). */
export const started = (session: string, proofs: readonly string[]) => ({
  action: 'session.start',
  object: session,
  details: { proofs: [...new Set(proofs)] },
});

const selectSeen = statement(
  'sessions.seen_devices',
  `SELECT DISTINCT user_agent FROM sessions WHERE account_id = $1 AND state = 'active' LIMIT 500`,
);

/** Writes to the person when they sign in from a device that was not seen lately (ASVS 6.3.5). */
export async function tellOfNewDevice(
  tx: Tx,
  ctx: Context,
  { sealer }: AccessDependencies,
  account: string,
): Promise<void> {
  const seen = await tx.query<{ user_agent: string | null }>(selectSeen, [account]);
  const devices = seen.map((session) => describeDevice(session.user_agent));
  if (devices.length === 0 || devices.includes(describeDevice(ctx.userAgent))) return;
  const from = { sealer, circumstances: circumstancesOf(ctx) };
  await notify(tx, from, account, { template: 'new_sign_in', data: {} });
}
