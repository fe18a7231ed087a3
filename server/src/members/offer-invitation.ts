import { builtInRoles, isBuiltInRole, type schemas } from 'payos-contract';
import { type AccessDependencies, emailKey, newToken } from '../access/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { enqueueMail, linkTo } from '../mail/index.ts';
import { changePeople } from './change-people.ts';
import { invitationHours, readInvitation } from './invitation.ts';
import { mayMailInvitation } from './invitation-mails.ts';
import { requireDomain } from './policy.ts';
import { requireMayGrant, type Standing } from './standing.ts';

export type InvitationDependencies = Pick<AccessDependencies, 'sealer' | 'canMail'> & {
  /** Of the dashboard, for links. */
  publicUrl: string;
};

type InvitationWithLink = schemas.Invitation & { link: string };

const selectMemberByEmail = statement(
  'invitations.member_by_email',
  `SELECT m.status FROM members m JOIN accounts a ON a.id = m.account_id
   WHERE m.organization_id = $1 AND a.email_key = $2`,
);
const selectOpenFor = statement(
  'invitations.open_for',
  `SELECT id FROM invitations WHERE organization_id = $1 AND email_key = $2
     AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now() AND id <> $3`,
);
const insertInvitation = statement(
  'invitations.insert',
  `INSERT INTO invitations (organization_id, id, email, email_key, role_test, role_live,
     invited_by, token_hash, mailed_token_hash, mailed, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::bytea, $9::bytea IS NOT NULL,
     now() + interval '${invitationHours} hours')`,
);
const renew = statement(
  'invitations.renew',
  `UPDATE invitations SET token_hash = $3, invited_by = $4, mailed_token_hash = $5::bytea,
     mailed = $5::bytea IS NOT NULL,
     expires_at = now() + interval '${invitationHours} hours'
   WHERE organization_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL
   RETURNING id`,
);
const selectNames = statement(
  'invitations.names',
  `SELECT o.name AS organization, a.name AS inviter FROM organizations o
   JOIN members m ON m.organization_id = o.id AND m.id = $2
   JOIN accounts a ON a.id = m.account_id WHERE o.id = $1`,
);
const selectRoleName = statement(
  'invitations.role_name',
  'SELECT name FROM roles WHERE organization_id = $1 AND id = $2',
);

/**
 * Invites somebody. The answer is the same whether or not the address has an account elsewhere.
 *
 * @throws ApiError `already_member`, `invitation_exists`, `email_domain_refused`, `more_than_own`
 */
export async function createInvitation(
  ctx: ScopedContext,
  deps: InvitationDependencies,
  { email, roles }: schemas.CreateInvitation,
): Promise<InvitationWithLink> {
  const { organization } = ctx.scope;
  const id = newId('invitation');
  const { plain: token, hash } = newToken();
  return changePeople(
    ctx,
    {
      permission: 'members:write',
      audit: () => ({ action: 'invitation.create', object: id, details: { email, roles } }),
    },
    async (tx, self) => {
      await requireMayInvite(tx.query, organization, self, { id, email, roles });
      const { test, live } = roles;
      const who = [organization, id, email, emailKey(email), test, live, self.id];
      const mailed = mailedToken(deps, organization, email);
      await tx.query(insertInvitation, [...who, hash, mailed?.hash ?? null]);
      const created = await readInvitation(tx.query, organization, id);
      await mailInvitation(tx, deps, organization, created, mailed?.plain);
      tx.event({ type: 'invitation.created', object: id, data: created });
      return { ...created, link: linkTo(deps.publicUrl, 'invitation', token) };
    },
  );
}

/**
 * Offers an invitation anew: another link, another three days; the old link is void. Whoever
 * renews it stands for it from now on.
 *
 * @throws ApiError `not_found`, `link_invalid`, and those of {@link createInvitation}
 */
export async function renewInvitation(
  ctx: ScopedContext,
  deps: InvitationDependencies,
  id: string,
): Promise<InvitationWithLink> {
  const { organization } = ctx.scope;
  const { plain: token, hash } = newToken();
  return changePeople(
    ctx,
    {
      permission: 'members:write',
      audit: () => ({ action: 'invitation.renew', object: id }),
    },
    async (tx, self) => {
      const open = await readInvitation(tx.query, organization, id);
      await requireMayInvite(tx.query, organization, self, open);
      const mailed = mailedToken(deps, organization, open.email);
      const values = [organization, id, hash, self.id, mailed?.hash ?? null];
      const renewed = await tx.query(renew, values);
      if (renewed.length === 0) throw new ApiError('link_invalid');
      const invitation = await readInvitation(tx.query, organization, id);
      await mailInvitation(tx, deps, organization, invitation, mailed?.plain);
      return { ...invitation, link: linkTo(deps.publicUrl, 'invitation', token) };
    },
  );
}

/** Not the one that whoever invites gets to see: what it tells is for the owner of the address. */
function mailedToken({ canMail }: InvitationDependencies, organization: string, email: string) {
  return canMail && mayMailInvitation(organization, emailKey(email)) ? newToken() : undefined;
}

async function requireMayInvite(
  query: Query,
  organization: string,
  self: Standing,
  { id, email, roles }: Pick<schemas.Invitation, 'id' | 'email' | 'roles'>,
): Promise<void> {
  await requireMayGrant(query, organization, self, roles);
  await requireDomain(query, organization, email);
  const key = emailKey(email);
  const [member] = await query<{ status: string }>(selectMemberByEmail, [organization, key]);
  if (member?.status === 'disabled') {
    throw new ApiError('already_member', { detail: 'This person was disabled. Enable them.' });
  }
  if (member !== undefined) throw new ApiError('already_member');
  const [other] = await query(selectOpenFor, [organization, key, id]);
  if (other !== undefined) throw new ApiError('invitation_exists');
}

async function mailInvitation(
  tx: Tx,
  { sealer }: InvitationDependencies,
  organization: string,
  { email, roles, invited_by, expires_at }: schemas.Invitation,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return;
  type Names = { organization: string; inviter: string };
  const [names] = await tx.query<Names>(selectNames, [organization, invited_by]);
  if (names === undefined) throw new Error('the inviter is gone under the lock');
  const data = {
    ...names,
    token,
    expiresAt: expires_at,
    roles: {
      test: await roleName(tx.query, organization, roles.test),
      live: await roleName(tx.query, organization, roles.live),
    },
  };
  await enqueueMail(tx.query, sealer, { to: email, template: 'invitation', data, organization });
}

/** How people read a role; null for none, and for one that is no more. */
export async function roleName(
  query: Query,
  organization: string,
  role: string | null,
): Promise<string | null> {
  if (role === null) return null;
  if (isBuiltInRole(role)) return builtInRoles[role].name;
  const [row] = await query<{ name: string }>(selectRoleName, [organization, role]);
  return row?.name ?? null;
}
