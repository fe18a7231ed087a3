import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { emailKey } from './create-account.ts';

/** Wrong tries after which an account is locked, and for how long (PCI DSS 8.3.4). */
const triesMax = 10;
export const lockMinutes = 30;

/** A try that was admitted: the account it was made at, and which one it is since the last lock. */
export type Tried = { account: string; number: number };

/** Whom a try is made at: whoever has this address, or this account. */
export type Who = { email: string } | { account: string };

/** Where a try comes from. */
type From = { address?: string | undefined; userAgent?: string | undefined };

const next = 'CASE WHEN locked_until <= now() THEN 1 ELSE failed_attempts + 1 END';
/**
 * Counted before anything is checked, in one statement on one row: however many come at once, and
 * from wherever, ten are admitted. While the account is locked nothing is counted, so that nobody
 * can make a lock last longer. That it is to be told stands in the same statement: whatever becomes
 * of the try after it, no lock goes unseen.
 */
const count = (column: string) => `UPDATE accounts SET failed_attempts = ${next},
     locked_until = CASE WHEN ${next} >= ${triesMax}
       THEN now() + interval '${lockMinutes} minutes' END,
     lock_untold = ${next} >= ${triesMax}, lock_address = $2, lock_user_agent = $3
   WHERE ${column} = $1 AND (locked_until IS NULL OR locked_until <= now())
   RETURNING id AS account, failed_attempts AS number`;
const countByEmail = statement('accounts.count_by_email', count('email_key'));
const countById = statement('accounts.count_by_id', count('id'));

/**
 * The count alone is not waited for on disk: the answer is, and it is written after it. So an
 * address that has no account, where nothing is counted, does not answer sooner.
 */
const doNotWait = statement(
  'access.do_not_wait',
  `SELECT set_config('synchronous_commit', 'off', true)`,
);

/** Counts a try as a wrong one. @returns undefined when there is no such account or it is locked */
export async function countTry(tx: Tx, who: Who, from: From): Promise<Tried | undefined> {
  const where = [from.address ?? null, from.userAgent ?? null];
  const [, [tried]] = await Promise.all([
    tx.query(doNotWait),
    'email' in who
      ? tx.query<Tried>(countByEmail, [emailKey(who.email), ...where])
      : tx.query<Tried>(countById, [who.account, ...where]),
  ]);
  return tried;
}

const takeBack = statement(
  'accounts.take_back',
  `UPDATE accounts SET failed_attempts = greatest(failed_attempts - 1, 0),
     locked_until = CASE WHEN $2 >= ${triesMax} THEN NULL ELSE locked_until END,
     lock_untold = lock_untold AND $2 < ${triesMax}
   WHERE id = $1`,
);
const clear = statement(
  'accounts.clear_tries',
  `UPDATE accounts SET failed_attempts = 0, locked_until = NULL, lock_untold = false
   WHERE id = $1`,
);

/**
 * A right password takes back its own count and no more: whoever knows the password could else
 * guess codes without end, with a right password after every ninth.
 */
export async function takeTryBack(tx: Tx, { account, number }: Tried): Promise<void> {
  await tx.query(takeBack, [account, number]);
}

/** The person has proved who they are: wrong tries before that are forgotten. */
export async function clearTries(tx: Tx, { account }: Tried): Promise<void> {
  await tx.query(clear, [account]);
}

const forget = statement(
  'accounts.forget_tries',
  `UPDATE accounts SET failed_attempts = 0
   WHERE id = $1 AND (locked_until IS NULL OR locked_until <= now())`,
);

/** After a password and a passkey: wrong tries are forgotten. A lock stays. */
export async function forgetTries(tx: Tx, account: string): Promise<void> {
  await tx.query(forget, [account]);
}

const countInSession = statement(
  'sessions.count',
  `UPDATE sessions SET failed_attempts = failed_attempts + 1
   WHERE id = $1 AND token_hash = $2 AND ended_at IS NULL AND failed_attempts < ${triesMax}
   RETURNING failed_attempts AS number`,
);
const takeBackInSession = statement(
  'sessions.take_back',
  'UPDATE sessions SET failed_attempts = greatest(failed_attempts - 1, 0) WHERE id = $1',
);
const clearInSession = statement(
  'sessions.clear_tries',
  'UPDATE sessions SET failed_attempts = 0 WHERE id = $1',
);
const endExhausted = statement(
  'sessions.end_exhausted',
  `UPDATE sessions SET ended_at = now(), ended_reason = 'ten_wrong_tries'
   WHERE id = $1 AND failed_attempts >= ${triesMax} AND ended_at IS NULL RETURNING id`,
);

/**
 * Counts a try of somebody who is signed in and proves it again. Their session has a count of its
 * own: if the account's alone counted, anybody who knows the email address could keep its owner
 * from everything that asks for a factor. Ten wrong ones end the session.
 *
 * @returns whether the try is admitted
 */
export async function countSessionTry(tx: Tx, { id, tokenHash }: SignedIn): Promise<boolean> {
  return (await tx.query(countInSession, [id, tokenHash])).length > 0;
}

/** Settles the count of a session after a right try; see {@link takeTryBack}. */
export async function settleSessionTry(tx: Tx, session: SignedIn, whole: boolean): Promise<void> {
  await tx.query(whole ? clearInSession : takeBackInSession, [session.id]);
}

/** Ends a session that was used for ten wrong tries. @returns whether it was ended */
export async function endExhaustedSession(tx: Tx, { id }: SignedIn): Promise<boolean> {
  return (await tx.query(endExhausted, [id])).length > 0;
}

const unlock = statement(
  'accounts.unlock',
  `UPDATE accounts SET failed_attempts = 0, locked_until = NULL, lock_untold = false
   WHERE id = $1 AND locked_until > now() RETURNING id`,
);

/** Unlocks an account before its time. @returns whether it was locked */
export async function unlockAccount(tx: Tx, account: string): Promise<boolean> {
  return (await tx.query(unlock, [account])).length > 0;
}
