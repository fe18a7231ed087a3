import { schemas } from 'payos-contract';
import Type from 'typebox';
import type { AccessDependencies } from '../access/index.ts';
import { accountRoute, publicRoute, type Route } from '../core/http/route.ts';
import { acceptInvitation, lookUpInvitation } from './accept-invitation.ts';
import { listInvitations } from './invitation.ts';
import {
  createInvitation,
  type InvitationDependencies,
  renewInvitation,
} from './offer-invitation.ts';
import { revokeInvitation } from './revoke-invitation.ts';

const params = Type.Object({ id: schemas.Id('invitation') }, schemas.closed);
const tag = 'Members';

/** Routes of those who invite, and of those who hold an invitation and may have no account yet. */
export function invitationRoutes(deps: InvitationDependencies & AccessDependencies): Route[] {
  return [...offeringRoutes(deps), ...acceptingRoutes(deps)];
}

function offeringRoutes(deps: InvitationDependencies): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/invitations',
      permission: 'members:read',
      summary: 'List invitations',
      tag,
      response: { status: 200, schema: schemas.InvitationList },
      handle: (ctx) => listInvitations(ctx),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/invitations',
      permission: 'members:write',
      summary: 'Invite somebody',
      tag,
      body: schemas.CreateInvitation,
      response: { status: 201, schema: schemas.InvitationWithLink },
      errors: ['more_than_own', 'already_member', 'invitation_exists', 'email_domain_refused'],
      idempotency: 'optional',
      secret: true,
      stepUp: 'invite_member',
      handle: (ctx, { body }) => createInvitation(ctx, deps, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/invitations/:id/renew',
      permission: 'members:write',
      summary: 'Offer an invitation anew, with another link',
      tag,
      params,
      body: Type.Object({}, schemas.closed),
      response: { status: 200, schema: schemas.InvitationWithLink },
      errors: [
        ...(['link_invalid', 'more_than_own', 'already_member'] as const),
        ...(['invitation_exists', 'email_domain_refused'] as const),
      ],
      idempotency: 'optional',
      secret: true,
      stepUp: 'invite_member',
      handle: (ctx, { params: { id } }) => renewInvitation(ctx, deps, id),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/invitations/:id',
      permission: 'members:write',
      summary: 'Withdraw an invitation',
      tag,
      params,
      response: { status: 200, schema: schemas.Invitation },
      handle: (ctx, { params: { id } }) => revokeInvitation(ctx, id),
    }),
  ];
}

function acceptingRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/invitations/lookup',
      permission: 'anyone',
      summary: 'See what an invitation offers',
      tag,
      body: schemas.LinkOnly,
      response: { status: 200, schema: schemas.InvitationPreview },
      errors: ['link_invalid'],
      throttled: true,
      handle: (ctx, { body }) => lookUpInvitation(ctx, body.token),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/invitations/accept',
      permission: 'anyone',
      summary: 'Accept an invitation',
      tag,
      body: schemas.AcceptInvitation,
      response: { status: 200, schema: schemas.Session },
      errors: [
        ...(['link_invalid', 'invitation_for_other', 'email_taken', 'password_refused'] as const),
        ...(['inviter_gone', 'email_domain_refused', 'already_member'] as const),
      ],
      throttled: true,
      handle: (ctx, { body }) => acceptInvitation(ctx, deps, body),
    }),
  ];
}
