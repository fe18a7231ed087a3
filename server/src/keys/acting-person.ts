import type { Permission } from 'payos-contract';
import type { Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { findActing } from './acting.ts';

const selectAccount = statement(
  'keys.acting_account',
  'SELECT account_id FROM members WHERE organization_id = $1 AND id = $2',
);

/** A member who acts, and the person they are. */
export type ActingPerson = { member: string; account: string };

/**
 * Takes turns with whoever else changes what people may do, and reads again whether this person
 * may do this.
 *
 * @throws ApiError `people_only`, `permission_denied`, `no_organization`
 */
export async function findPerson(
  tx: Tx,
  ctx: ScopedContext,
  scope: Scope,
  permission: Permission,
): Promise<ActingPerson> {
  const { member } = await findActing(tx, ctx, scope, permission);
  if (member === undefined || ctx.actor.type !== 'member') throw new ApiError('people_only');
  const values = [scope.organization, member];
  const [row] = await tx.query<{ account_id: string }>(selectAccount, values);
  if (row === undefined) throw new ApiError('no_organization');
  return { member, account: row.account_id };
}
