import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { takeChallenge } from './challenge.ts';
import type { Proof } from './prove.ts';
import {
  type Credential,
  challengeOf,
  credentialIdOf,
  type RelyingParty,
  type StoredPasskey,
  verifyAuthentication,
} from './relying-party.ts';

const columns = 'id, account_id, credential_id, public_key, counter, transports';
const findByCredential = statement(
  'passkeys.find',
  `SELECT ${columns} FROM passkeys WHERE credential_id = $1`,
);
const listPasskeys = statement(
  'passkeys.of_account',
  `SELECT ${columns} FROM passkeys WHERE account_id = $1 ORDER BY created_at, id`,
);
/** A counter that does not go up belongs to a copy; some devices do not count, and stay at 0. */
const usePasskey = statement(
  'passkeys.use',
  `UPDATE passkeys SET counter = $2, last_used_at = now()
   WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING id`,
);

/** Every passkey of an account, oldest first. */
export async function passkeysOf(tx: Tx, account: string): Promise<StoredPasskey[]> {
  return tx.query<StoredPasskey>(listPasskeys, [account]);
}

/** An answered ceremony: its challenge is used up, whatever comes of it. */
type Answered = { challenge: Buffer; passkey: StoredPasskey };

/**
 * Takes the challenge that a credential answers, and finds the passkey that did.
 *
 * @param account whose challenge and passkey it must be; undefined where nobody is known yet
 * @returns undefined when there is no such challenge or passkey
 */
export async function takeAnswered(
  tx: Tx,
  purpose: 'sign_in' | 'step_up',
  credential: Credential,
  account: string | undefined,
): Promise<Answered | undefined> {
  const challenge = challengeOf(credential);
  const credentialId = credentialIdOf(credential);
  if (challenge === undefined || credentialId === undefined) return undefined;
  if (!(await takeChallenge(tx, challenge, purpose, account))) return undefined;
  const [passkey] = await tx.query<StoredPasskey>(findByCredential, [credentialId]);
  const theirs = account === undefined || passkey?.account_id === account;
  return passkey !== undefined && theirs ? { challenge, passkey } : undefined;
}

/** Proves by a passkey; see {@link takeAnswered} for `answered`. */
export function passkeyProof(
  party: RelyingParty,
  credential: Credential,
  answered: Answered | undefined,
): Proof<Answered> {
  return {
    kind: 'passkey',
    read: async (_tx, account) => (account === answered?.passkey.account_id ? answered : undefined),
    check: async (stored) => {
      if (stored === undefined) return undefined;
      const { challenge, passkey } = stored;
      const counter = await verifyAuthentication(party, credential, challenge, passkey);
      if (counter === undefined) return undefined;
      return async (tx) => (await tx.query(usePasskey, [passkey.id, counter])).length > 0;
    },
  };
}
