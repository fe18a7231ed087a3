import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';

const selectMember = statement(
  'keys.find_owner',
  `SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND lower(a.email) = lower($2) AND m.status = 'active'`,
);

/** The active member with this email address. @throws ApiError `invalid_request` */
export async function findOwner(
  ctx: Context,
  organization: string,
  email: string | undefined,
): Promise<string | null> {
  if (email === undefined) return null;
  const [member] = await ctx.db.read<{ id: string }>(selectMember, [organization, email]);
  if (member !== undefined) return member.id;
  const message = 'No active member of the organization has this email address.';
  throw fieldError('/owner', 'unknown', message, 'Name a member, or leave it out.');
}
