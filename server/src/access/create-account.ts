import { statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';

/** How long a new person, or one whose factors were removed, may take to enrol: hours. */
export const enrollHours = 24;

const insertAccount = statement(
  'accounts.insert',
  `INSERT INTO accounts (id, email, email_key, name, password_hash, enroll_until)
   VALUES ($1, $2, $3, $4, $5, now() + interval '${enrollHours} hours') RETURNING id`,
);

/** Hashed before the transaction begins: a hash takes long, and locks are held meanwhile. */
export type NewAccount = { email: string; name: string; passwordHash: string };

/** An email address as it is compared: two that differ in case only are the same person. */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}

/**
 * Creates a person, who has no factor yet.
 *
 * @returns the id of the account
 * @throws ApiError `email_taken`
 */
export async function createAccount(tx: Tx, account: NewAccount): Promise<string> {
  const { email, name, passwordHash } = account;
  const id = newId('account');
  try {
    await tx.query(insertAccount, [id, email, emailKey(email), name, passwordHash]);
  } catch (error) {
    throw violates(error, 'accounts_email_key_key') ? new ApiError('email_taken') : error;
  }
  return id;
}
