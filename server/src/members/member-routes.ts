import { schemas } from 'payos-contract';
import Type from 'typebox';
import { accountRoute, publicRoute, type Route } from '../core/http/route.ts';
import { changeRoles } from './change-roles.ts';
import { previewDeparture } from './departure.ts';
import { disableMember } from './disable-member.ts';
import { enableMember } from './enable-member.ts';
import { endMemberSessions } from './end-member-sessions.ts';
import { leaveOrganization } from './leave-organization.ts';
import { getMember, listMembers } from './member.ts';
import { unlockMember } from './unlock-member.ts';

const params = Type.Object({ id: schemas.Id('member') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);
const tag = 'Members';

type AwaitKeys = (organization: string, keys: readonly string[]) => Promise<void>;

/** @param awaitKeys waits until every process has heard that keys were revoked */
export function memberRoutes(awaitKeys: AwaitKeys): Route[] {
  return [...readingRoutes(), ...stoppingRoutes(awaitKeys), ...restoringRoutes()];
}

function readingRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/members',
      permission: 'members:read',
      summary: 'List members',
      tag,
      response: { status: 200, schema: schemas.MemberList },
      handle: (ctx) => listMembers(ctx),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/members/:id',
      permission: 'members:read',
      summary: 'Retrieve a member',
      tag,
      params,
      response: { status: 200, schema: schemas.Member },
      handle: (ctx, { params: { id } }) => getMember(ctx, id),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/members/:id/departure',
      permission: 'members:suspend',
      summary: 'See what would end with a member',
      tag,
      params,
      response: { status: 200, schema: schemas.Departure },
      handle: (ctx, { params: { id } }) => previewDeparture(ctx, id),
    }),
  ];
}

function stoppingRoutes(awaitKeys: AwaitKeys): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/members/:id/disable',
      permission: 'members:suspend',
      summary: 'Disable a member: sessions, invitations and named keys end at once',
      stepUp: 'disable_member',
      tag,
      params,
      body: schemas.DisableMember,
      response: { status: 200, schema: schemas.Member },
      errors: ['own_membership', 'more_than_own'],
      idempotency: 'optional',
      handle: (ctx, { params: { id }, body }) =>
        disableMember(ctx, awaitKeys, id, body.revoke_api_keys ?? []),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/members/:id/end_sessions',
      permission: 'members:suspend',
      summary: 'End all sessions of a member',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.Ended },
      errors: ['own_membership', 'more_than_own'],
      idempotency: 'optional',
      handle: (ctx, { params: { id } }) => endMemberSessions(ctx, id),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/members/leave',
      permission: 'account',
      summary: 'Leave the organization you work in',
      stepUp: 'leave_organization',
      tag,
      body: nothing,
      response: { status: 200, schema: schemas.Ended },
      errors: ['no_organization', 'last_owner'],
      handle: (ctx) => leaveOrganization(ctx),
    }),
  ];
}

function restoringRoutes(): Route[] {
  return [
    publicRoute({
      method: 'PATCH',
      path: '/v1/members/:id',
      permission: 'members:write',
      summary: 'Change the roles of a member',
      tag,
      params,
      body: schemas.UpdateMember,
      response: { status: 200, schema: schemas.Member },
      errors: ['more_than_own', 'last_owner'],
      stepUp: 'change_member_roles',
      handle: (ctx, { params: { id }, body }) => changeRoles(ctx, id, body.roles),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/members/:id/enable',
      permission: 'members:suspend',
      summary: 'Let a disabled member in again',
      tag,
      params,
      body: schemas.EnableMember,
      response: { status: 200, schema: schemas.Member },
      errors: ['more_than_own', 'factors_replaced'],
      idempotency: 'optional',
      stepUp: 'restore_member',
      handle: (ctx, { params: { id }, body }) => enableMember(ctx, id, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/members/:id/unlock',
      permission: 'members:suspend',
      summary: 'Unlock an account before its time',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.Member },
      errors: ['own_membership', 'more_than_own'],
      idempotency: 'optional',
      stepUp: 'restore_member',
      handle: (ctx, { params: { id } }) => unlockMember(ctx, id),
    }),
  ];
}
