import type { schemas } from 'payos-contract';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { emailKey } from './create-account.ts';

/** Columns that {@link toAccount} takes. */
export const accountColumns = 'id, email, name, password_changed_at, created_at';

export type AccountRow = {
  id: string;
  email: string;
  name: string;
  password_changed_at: string;
  created_at: string;
};

/** The account as the API shows it to its owner. */
export function toAccount(row: AccountRow): schemas.Account {
  const { id, email, name, password_changed_at, created_at } = row;
  return { id, object: 'account', email, name, password_changed_at, created_at };
}

const lockRow = statement(
  'accounts.lock_row',
  `SELECT ${accountColumns} FROM accounts WHERE id = $1 FOR NO KEY UPDATE`,
);

/**
 * Reads an account and holds its row, so that of two changes of its factors at once the second
 * sees what the first has done.
 */
export async function holdAccount(tx: Tx, id: string): Promise<AccountRow> {
  const [row] = await tx.query<AccountRow>(lockRow, [id]);
  if (row === undefined) throw new Error('no such account');
  return row;
}

const lockByEmail = statement(
  'accounts.hold_by_email',
  `SELECT ${accountColumns} FROM accounts WHERE email_key = $1 FOR NO KEY UPDATE`,
);

/** The same by the email address; for operators. @throws ApiError `not_found` */
export async function holdByEmail(tx: Tx, email: string): Promise<AccountRow> {
  const [row] = await tx.query<AccountRow>(lockByEmail, [emailKey(email)]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such account.' });
  return row;
}
