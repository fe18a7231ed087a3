import type { schemas } from 'payos-contract';
import type { AnyPermission, Context } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import type { Place } from '../core/turns.ts';
import type { AccessDependencies } from './dependencies.ts';
import {
  clearTries,
  countSessionTry,
  countTry,
  endExhaustedSession,
  settleSessionTry,
  type Tried,
  takeTryBack,
  type Who,
} from './lockout.ts';
import { findWhose, organizationsOf, type Whose } from './whose.ts';

/** One way to prove who one is, with what was given for it. */
export type Proof<S> = {
  kind: schemas.Proof;
  /**
   * Takes a place in line for the check, before the try is counted: who is turned away there has
   * not tried.
   */
  reserve?: () => Place;
  /** Reads what is stored of it, in the transaction in which the try is counted. */
  read: (tx: Tx, account: string | null) => Promise<S | undefined>;
  /**
   * Whether what was given is right; outside of any transaction. With nothing stored it does the
   * same work, and says no.
   */
  check: (stored: S | undefined, place?: Place) => Promise<Claim | undefined>;
};

/**
 * Takes what was right, so that nobody takes it twice. False: it was taken, or changed, meanwhile.
 */
type Claim = (tx: Tx) => Promise<boolean>;

type Proving<S, R> = {
  permission: AnyPermission;
  who: Who;
  proof: Proof<S>;
  /** Of somebody who is signed in and proves it again. */
  again?: SignedIn;
  /** What follows from a right proof, in the transaction in which it is claimed. */
  settle: (tx: Tx, account: string) => Promise<R>;
  /** What the audit log says of it, beside that it happened. */
  audit: (result: R) => Pick<AuditNote, 'action' | 'details'> & { object?: string };
};

type Admitted = { tried: Tried | undefined; account: string | null };

/**
 * Checks a proof, whichever it is: counts the try, checks it, and settles what follows from it.
 * Nothing of what is answered or done tells a wrong proof from a locked or an unknown account.
 *
 * @throws ApiError `sign_in_failed`, the same whatever the reason
 */
export async function prove<S, R>(
  ctx: Context,
  deps: AccessDependencies,
  proving: Proving<S, R>,
): Promise<R> {
  const { proof } = proving;
  const { admitted, claim } = await check(ctx, proving, proof.reserve?.());
  if (admitted.account === null) return fail(ctx, deps, proving, admitted, 'refused');
  if (claim === undefined) return fail(ctx, deps, proving, admitted, 'wrong');
  const settled = await settle(ctx, proving, admitted, admitted.account, claim);
  if (settled === undefined) return fail(ctx, deps, proving, admitted, 'used');
  deps.metrics.signInSteps.inc({ proof: proof.kind, outcome: 'passed' });
  return settled.result;
}

async function check<S, R>(ctx: Context, proving: Proving<S, R>, place: Place | undefined) {
  const { permission, proof } = proving;
  try {
    const { admitted, stored } = await mutate(ctx, { permission, audit: nothing }, async (tx) => {
      const admitted = await admit(tx, ctx, proving);
      return { admitted, stored: await proof.read(tx, admitted.account) };
    });
    return { admitted, claim: await proof.check(stored, place) };
  } finally {
    place?.leave();
  }
}

const nothing = () => undefined;

async function admit<S, R>(
  tx: Tx,
  ctx: Context,
  { who, proof, again }: Proving<S, R>,
): Promise<Admitted> {
  // A passkey cannot be guessed: it is neither counted nor kept out by a lock, which any stranger
  // can bring about who knows the address.
  const counted = proof.kind !== 'passkey';
  const tried = counted ? await countTry(tx, who, ctx) : undefined;
  if (!counted && again === undefined) {
    return { tried, account: 'account' in who ? who.account : null };
  }
  if (again === undefined) return { tried, account: tried?.account ?? null };
  // A lock that strangers brought about keeps nobody from proving themselves who is signed in.
  const admitted = await countSessionTry(tx, again);
  return { tried, account: admitted ? again.account : null };
}

async function settle<S, R>(
  ctx: Context,
  proving: Proving<S, R>,
  { tried }: Admitted,
  account: string,
  claim: Claim,
): Promise<{ result: R } | undefined> {
  const { permission, proof, again } = proving;
  const whole = proof.kind !== 'password';
  return mutate<{ result: R; where: { organizations: string[] } }>(
    ctx,
    {
      permission,
      audit: (done) => {
        const { action, object = account, details } = proving.audit(done.result);
        const actor = { type: 'account', id: account } as const;
        return { action, object, details: { ...details }, actor, where: done.where };
      },
    },
    async (tx) => {
      if (tried !== undefined) await (whole ? clearTries : takeTryBack)(tx, tried);
      if (again !== undefined) await settleSessionTry(tx, again, whole);
      if (!(await claim(tx))) throw new TakenMeanwhile();
      const result = await proving.settle(tx, account);
      return { result, where: { organizations: await organizationsOf(tx, account) } };
    },
  ).catch(ifTakenMeanwhile);
}

/** Undoes the transaction of a proof that somebody else has used. */
class TakenMeanwhile extends Error {}

function ifTakenMeanwhile(error: unknown): undefined {
  if (error instanceof TakenMeanwhile) return undefined;
  throw error;
}

async function fail<S, R>(
  ctx: Context,
  deps: AccessDependencies,
  { permission, who, proof, again }: Proving<S, R>,
  { tried }: Admitted,
  reason: Failure['reason'],
): Promise<never> {
  await recordFailure(ctx, deps, { permission, who, kind: proof.kind, tried, again, reason });
  throw new ApiError('sign_in_failed');
}

type Failure = {
  permission: AnyPermission;
  /** Undefined where not even the account is known. */
  who: Who | undefined;
  kind: schemas.Proof;
  tried: Tried | undefined;
  again: SignedIn | undefined;
  /** Wrong; right but used by somebody else; not even looked at. */
  reason: 'wrong' | 'used' | 'refused';
};

/** Records a wrong try, by the same statements whatever was wrong (PCI DSS 10.2.1.4). */
export async function recordFailure(
  ctx: Context,
  deps: AccessDependencies,
  { permission, who = { email: '' }, kind, tried, again, reason }: Failure,
): Promise<void> {
  const { outcome } = await mutate<{ whose: Whose | undefined; outcome: string }>(
    ctx,
    {
      permission,
      audit: ({ whose, outcome }) => ({
        action: again === undefined ? 'sign_in.fail' : 'step_up.fail',
        ...(whose === undefined ? {} : { object: whose.account }),
        details: { proof: kind, reason: outcome },
        where: { organizations: whose?.organizations ?? [] },
      }),
    },
    async (tx) => {
      const whose = await findWhose(tx, who);
      const ended = again === undefined ? false : await endExhaustedSession(tx, again);
      const known = whose === undefined ? 'unknown_account' : reason;
      const counted = kind !== 'passkey' && again === undefined;
      const locked = counted && tried === undefined && whose?.locked === true;
      return { whose, outcome: ended ? 'session_ended' : locked ? 'locked' : known };
    },
  );
  deps.metrics.signInSteps.inc({ proof: kind, outcome });
}
