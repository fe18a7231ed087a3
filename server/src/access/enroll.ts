import { type Context, sessionOf } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import { Reply } from '../core/http/route.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { holdAccount } from './account.ts';
import { advanceSession } from './advance-session.ts';
import { sessionCookie } from './cookie.ts';
import type { AccessDependencies } from './dependencies.ts';
import { readSession } from './describe-session.ts';
import { endSessions } from './end-sessions.ts';
import { type Enrollable, type FactorCount, factorsHeld } from './factors.ts';
import { rereadSession } from './find-session.ts';
import { circumstancesOf, notify } from './notify.ts';
import { type NewCodes, newRecoveryCodes, storeRecoveryCodes } from './recovery-codes.ts';
import { organizationsOf } from './whose.ts';

/**
 * The session of somebody who may enrol a factor: a finished one, or one that waits for the first.
 *
 * An app needs the password or the app before it: a passkey alone is not enough for the card vault,
 * and must not become enough by making its own second proof (PCI DSS 8.4.1).
 *
 * @throws ApiError `sign_in_unfinished`, `factor_not_allowed`, `step_up_required`
 */
export async function requireMayEnroll(ctx: Context, kind: Enrollable): Promise<SignedIn> {
  const session = sessionOf(ctx);
  if (session.state === 'second_factor') throw new ApiError('sign_in_unfinished');
  const isAlone = !session.proofs.includes('password') && !session.proofs.includes('totp');
  if (session.state === 'active' && kind === 'totp' && isAlone) {
    const detail = 'Give your password before you add an app to a session of a passkey alone.';
    throw new ApiError('step_up_required', { detail, methods: ['password'] });
  }
  const { policy } = await rereadSession(ctx.db, session);
  if (policy.allowedFactors.includes(kind)) return session;
  const detail = `Allowed are: ${policy.allowedFactors.join(', ')}.`;
  throw new ApiError('factor_not_allowed', { detail });
}

type Enrolling = {
  kind: Enrollable;
  label?: string;
  /** Puts the factor in place. @returns the object for the audit log */
  store: (tx: Tx, held: FactorCount) => Promise<string | undefined>;
};

type Outcome = { token: string; codes: string[]; object: string; organizations: string[] };

/**
 * Puts a new factor in place. The first one finishes the sign-in and brings the recovery codes;
 * each ends the other sessions of the person (ASVS 7.4.3), who is told (6.3.7).
 */
export async function enroll(
  ctx: Context,
  deps: AccessDependencies,
  session: SignedIn,
  { kind, label, store }: Enrolling,
): Promise<Reply> {
  const { account, id, state } = session;
  // Made before the transaction, for ten hashes take long; used if it finds no factor before.
  const prepared = state === 'enrollment' ? await newRecoveryCodes(deps.passwords) : undefined;
  const { token, codes } = await mutate<Outcome>(
    ctx,
    {
      permission: 'sign_in',
      audit: ({ object, organizations }) => ({
        action: 'factor.add',
        object,
        details: { factor: kind, ...(label === undefined ? {} : { name: label }) },
        where: { organizations },
      }),
    },
    async (tx) => {
      await holdAccount(tx, account);
      const held = await factorsHeld(tx, account);
      requireFirst(state, held);
      const object = (await store(tx, held)) ?? account;
      const codes = await giveCodes(tx, account, prepared);
      await endSessions(tx, { account, except: id }, 'factor_added');
      const from = { sealer: deps.sealer, circumstances: circumstancesOf(ctx) };
      const data = { factor: kind, ...(label === undefined ? {} : { label }) };
      await notify(tx, from, account, { template: 'factor_added', data });
      // In a finished session it proves nothing: who makes a factor of their own has given none.
      const token = await advanceSession(tx, session, state === 'active' ? undefined : kind);
      return { token, codes, object, organizations: await organizationsOf(tx, account) };
    },
  );
  const body = { session: await readSession(ctx, deps, token), recovery_codes: codes };
  return new Reply(200, body, sessionCookie(token));
}

/** With a password alone one may enrol the first factor, and no second beside somebody else's. */
function requireFirst(state: SignedIn['state'], { passkeys, totp }: FactorCount): void {
  if (state === 'enrollment' && passkeys + totp > 0) throw new ApiError('sign_in_unfinished');
}

async function giveCodes(tx: Tx, account: string, codes: NewCodes | undefined): Promise<string[]> {
  if (codes === undefined) return [];
  await storeRecoveryCodes(tx, account, codes);
  return codes.plain;
}
