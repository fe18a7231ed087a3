import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { secretBytes } from '../core/random.ts';
import { challengeMinutes } from './relying-party.ts';

type Purpose = 'sign_in' | 'enroll' | 'step_up';

const insert = statement(
  'challenges.insert',
  `INSERT INTO webauthn_challenges (challenge, purpose, account_id, expires_at)
   VALUES ($1, $2, $3, now() + interval '${challengeMinutes} minutes')`,
);
const take = statement(
  'challenges.take',
  `DELETE FROM webauthn_challenges
   WHERE challenge = $1 AND purpose = $2 AND account_id IS NOT DISTINCT FROM $3::public_id
   RETURNING expires_at > now() AS in_time`,
);

/** Opens a ceremony. `account`: whose it is, undefined where nobody is known yet. */
export async function newChallenge(
  tx: Tx,
  purpose: Purpose,
  account: string | undefined,
): Promise<Buffer> {
  const challenge = secretBytes(32);
  await tx.query(insert, [challenge, purpose, account ?? null]);
  return challenge;
}

/** Ends a ceremony: a challenge is answered once. @returns whether it was open, and this one */
export async function takeChallenge(
  tx: Tx,
  challenge: Buffer,
  purpose: Purpose,
  account: string | undefined,
): Promise<boolean> {
  const [taken] = await tx.query<{ in_time: boolean }>(take, [challenge, purpose, account ?? null]);
  return taken?.in_time === true;
}
