import { passwordRules } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { AccessDependencies } from './dependencies.ts';
import { passwordRefused } from './password-rules.ts';

type Row = {
  email: string;
  name: string;
  password_hash: string;
  previous_passwords: string[];
  organizations: string[];
};

const selectHistory = statement(
  'accounts.password_history',
  `SELECT a.email, a.name, a.password_hash, a.previous_passwords, ARRAY(
     SELECT o.name FROM members m JOIN organizations o ON o.id = m.organization_id
     WHERE m.account_id = a.id) AS organizations
   FROM accounts a WHERE a.id = $1`,
);

/** A new password that was found good, and the one it replaces. */
type ChosenPassword = { hash: string; replaces: string };

/**
 * Checks a new password for an existing account, and hashes it. Before the transaction, because
 * hashing takes long.
 *
 * @throws ApiError `password_refused`
 */
export async function choosePassword(
  ctx: Context,
  { passwords, requireGoodPassword }: AccessDependencies,
  account: string,
  password: string,
): Promise<ChosenPassword> {
  const [row] = await run<Row>(ctx.db.write, selectHistory, [account]);
  if (row === undefined) throw new Error('a password for nobody');
  await requireGoodPassword(password, [row.email, row.name, ...row.organizations]);
  const past = [row.password_hash, ...row.previous_passwords].slice(0, passwordRules.remembered);
  const same = await Promise.all(past.map((hash) => passwords.check(hash, password)));
  if (same.includes(true)) throw passwordRefused('reused');
  return { hash: await passwords.hash(password), replaces: row.password_hash };
}

const replacePassword = statement(
  'accounts.replace_password',
  `UPDATE accounts SET password_hash = $2, password_changed_at = now(),
     previous_passwords = (password_hash || previous_passwords)[:${passwordRules.remembered - 1}]
   WHERE id = $1 AND password_hash = $3 RETURNING id`,
);

/** Puts a chosen password in place. @returns false when another came before it */
export async function storePassword(
  tx: Tx,
  account: string,
  { hash, replaces }: ChosenPassword,
): Promise<boolean> {
  return (await tx.query(replacePassword, [account, hash, replaces])).length > 0;
}
