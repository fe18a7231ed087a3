import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { emailKey } from './create-account.ts';
import type { Who } from './lockout.ts';

/** Where an account belongs: whose audit logs tell of it. */
export type Whose = { account: string; locked: boolean; organizations: string[] };

const select = (column: string) => `SELECT a.id AS account,
     coalesce(a.locked_until > now(), false) AS locked, ARRAY(
       SELECT m.organization_id::text FROM members m
       WHERE m.account_id = a.id AND m.status = 'active' ORDER BY m.organization_id
     ) AS organizations
   FROM accounts a WHERE a.${column} = $1`;
const byEmail = statement('accounts.whose_email', select('email_key'));
const byId = statement('accounts.whose', select('id'));

/** The account somebody means, with the organizations it belongs to; undefined if there is none. */
export async function findWhose(tx: Tx, who: Who): Promise<Whose | undefined> {
  const [row] =
    'email' in who
      ? await tx.query<Whose>(byEmail, [emailKey(who.email)])
      : await tx.query<Whose>(byId, [who.account]);
  return row;
}

/** Organizations in whose audit logs stands what this account does outside of any of them. */
export async function organizationsOf(tx: Tx, account: string): Promise<string[]> {
  return (await findWhose(tx, { account }))?.organizations ?? [];
}
