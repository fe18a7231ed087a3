import type { schemas } from 'payos-contract';
import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import { type AccountRow, accountColumns, toAccount } from './account.ts';
import { organizationsOf } from './whose.ts';

const selectAccount = statement(
  'accounts.get',
  `SELECT ${accountColumns} FROM accounts WHERE id = $1`,
);
const renameAccount = statement(
  'accounts.rename',
  `UPDATE accounts SET name = $2 WHERE id = $1 RETURNING ${accountColumns}`,
);

/** The account of whoever is signed in. */
export async function getAccount(ctx: Context): Promise<schemas.Account> {
  const [row] = await ctx.db.read<AccountRow>(selectAccount, [sessionOf(ctx).account]);
  if (row === undefined) throw new Error('a session without an account');
  return toAccount(row);
}

/** Changes the name by which others see a person. */
export async function updateAccount(ctx: Context, name: string): Promise<schemas.Account> {
  const { account } = sessionOf(ctx);
  const { row } = await mutate<{ row: AccountRow; organizations: string[] }>(
    ctx,
    {
      permission: 'account',
      audit: ({ organizations }) => ({
        action: 'account.update',
        object: account,
        details: { name },
        where: { organizations },
      }),
    },
    async (tx) => {
      const [row] = await tx.query<AccountRow>(renameAccount, [account, name]);
      if (row === undefined) throw new Error('a session without an account');
      return { row, organizations: await organizationsOf(tx, account) };
    },
  );
  return toAccount(row);
}
