import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';

/** How long an invitation stands open, in hours. */
export const invitationHours = 72;

type Row = {
  id: string;
  email: string;
  role_test: string | null;
  role_live: string | null;
  status: schemas.Invitation['status'];
  invited_by: string;
  invited_by_name: string;
  mailed: boolean;
  created_at: string;
  expires_at: string;
};

const isOpen = 'i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()';
const select = `SELECT i.id, i.email, i.role_test, i.role_live,
    CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
      WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END AS status,
    i.invited_by, a.name AS invited_by_name, i.mailed, i.created_at, i.expires_at
  FROM invitations i
  JOIN members m ON m.organization_id = i.organization_id AND m.id = i.invited_by
  JOIN accounts a ON a.id = m.account_id
  WHERE i.organization_id = $1`;
const selectInvitations = statement('invitations.list', `${select} ORDER BY i.id DESC LIMIT 1000`);
const selectInvitation = statement('invitations.get', `${select} AND i.id = $2`);
const selectOpenOf = statement(
  'invitations.open_of',
  `${select} AND i.invited_by = $2 AND ${isOpen}`,
);
const revokeOf = statement(
  'invitations.revoke_of',
  `UPDATE invitations i SET revoked_at = now()
   WHERE i.organization_id = $1 AND i.invited_by = $2 AND ${isOpen} RETURNING i.id`,
);
const revokeOne = statement(
  'invitations.revoke',
  `UPDATE invitations SET revoked_at = now()
   WHERE organization_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL
   RETURNING id`,
);

function toInvitation({ role_test, role_live, ...rest }: Row): schemas.Invitation {
  return { object: 'invitation', roles: { test: role_test, live: role_live }, ...rest };
}

/** Every invitation there was, newest first. */
export async function listInvitations(ctx: ScopedContext): Promise<{ data: schemas.Invitation[] }> {
  const rows = await ctx.db.read<Row>(selectInvitations, [ctx.scope.organization]);
  return { data: rows.map(toInvitation) };
}

/** An invitation as the API shows it. @throws ApiError `not_found` */
export async function readInvitation(
  query: Query,
  organization: string,
  id: string,
): Promise<schemas.Invitation> {
  const [row] = await query<Row>(selectInvitation, [organization, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such invitation.' });
  return toInvitation(row);
}

/** Invitations that a member made and that can still be accepted. */
export async function openInvitationsOf(
  query: Query,
  organization: string,
  member: string,
): Promise<schemas.Invitation[]> {
  const rows = await query<Row>(selectOpenOf, [organization, member]);
  return rows.map(toInvitation);
}

/** Withdraws what a member who goes has offered. @returns the ids */
export async function revokeInvitationsOf(
  tx: Tx,
  organization: string,
  member: string,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(revokeOf, [organization, member]);
  for (const { id } of rows) await announceRevoked(tx, organization, id);
  return rows.map((row) => row.id);
}

/** @returns undefined when it was accepted or withdrawn before */
export async function revokeOpen(
  tx: Tx,
  organization: string,
  id: string,
): Promise<schemas.Invitation | undefined> {
  const rows = await tx.query(revokeOne, [organization, id]);
  return rows.length === 0 ? undefined : announceRevoked(tx, organization, id);
}

async function announceRevoked(
  tx: Tx,
  organization: string,
  id: string,
): Promise<schemas.Invitation> {
  const data = await readInvitation(tx.query, organization, id);
  tx.event({ type: 'invitation.revoked', object: id, data });
  return data;
}
