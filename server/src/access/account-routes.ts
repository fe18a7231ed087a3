import { schemas } from 'payos-contract';
import Type from 'typebox';
import { accountRoute, type Route } from '../core/http/route.ts';
import { changeEmail, confirmEmail } from './change-email.ts';
import { changePassword } from './change-password.ts';
import type { AccessDependencies } from './dependencies.ts';
import { endOtherSessions, endOwnSession } from './end-own-sessions.ts';
import { getAccount, updateAccount } from './get-account.ts';
import { listSessions } from './list-sessions.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resetPassword } from './reset-password.ts';
import { stepUp, stepUpOptions } from './step-up.ts';
import { switchOrganization } from './switch-organization.ts';

const tag = 'Your account';
const session = { status: 200, schema: schemas.Session };
const account = { status: 200, schema: schemas.Account };
const accepted = { status: 202, schema: schemas.Accepted };
const done = { status: 200, schema: schemas.Accepted };
const ended = { status: 200, schema: schemas.Ended };
const sessionId = Type.Object({ id: schemas.Id('session') }, schemas.closed);

/** The account of whoever is signed in, and how they get back to it. */
export function accountRoutes(deps: AccessDependencies): Route[] {
  return [...standingRoutes(deps), ...personRoutes(deps), ...sessionRoutes(), ...resetRoutes(deps)];
}

function standingRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/session/organization',
      permission: 'account',
      summary: 'Go on in another organization',
      tag,
      anyNetwork: true,
      body: schemas.SwitchOrganization,
      response: session,
      errors: ['not_found', 'network_refused'],
      handle: (ctx, { body }) => switchOrganization(ctx, deps, body.organization),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/session/step_up_options',
      permission: 'account',
      summary: 'Begin to prove who you are by a passkey',
      tag,
      response: { status: 200, schema: schemas.PasskeyOptions },
      handle: (ctx) => stepUpOptions(ctx, deps),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/session/step_up',
      permission: 'account',
      summary: 'Prove who you are again',
      tag,
      throttled: true,
      body: schemas.StepUp,
      response: session,
      errors: ['sign_in_failed', 'factor_not_allowed'],
      handle: (ctx, { body }) => stepUp(ctx, deps, body),
    }),
  ];
}

function personRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'GET',
      path: '/v1/account',
      permission: 'account',
      summary: 'Retrieve your account',
      tag,
      response: account,
      handle: (ctx) => getAccount(ctx),
    }),
    accountRoute({
      method: 'PATCH',
      path: '/v1/account',
      permission: 'account',
      summary: 'Change your name',
      tag,
      body: schemas.UpdateAccount,
      response: account,
      handle: (ctx, { body }) => updateAccount(ctx, body.name),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/account/password',
      permission: 'account',
      summary: 'Change your password',
      tag,
      throttled: true,
      stepUp: 'change_password',
      body: schemas.ChangePassword,
      response: session,
      errors: ['sign_in_failed', 'password_refused'],
      handle: (ctx, { body }) => changePassword(ctx, deps, body),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/account/email',
      permission: 'account',
      summary: 'Begin to change your email address',
      tag,
      throttled: true,
      stepUp: 'change_email',
      body: schemas.ChangeEmail,
      response: accepted,
      errors: ['sign_in_failed', 'email_domain_refused'],
      handle: (ctx, { body }) => changeEmail(ctx, deps, body),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/account/email/confirm',
      permission: 'anyone',
      summary: 'Confirm a new email address',
      tag,
      throttled: true,
      body: schemas.LinkOnly,
      response: done,
      errors: ['link_invalid', 'email_taken'],
      handle: (ctx, { body }) => confirmEmail(ctx, deps, body.token),
    }),
  ];
}

function sessionRoutes(): Route[] {
  return [
    accountRoute({
      method: 'GET',
      path: '/v1/account/sessions',
      permission: 'account',
      summary: 'List where you are signed in',
      tag,
      response: { status: 200, schema: schemas.AccountSessionList },
      handle: (ctx) => listSessions(ctx),
    }),
    accountRoute({
      method: 'DELETE',
      path: '/v1/account/sessions/:id',
      permission: 'account',
      summary: 'End one of your sessions',
      tag,
      params: sessionId,
      response: ended,
      errors: ['not_found'],
      handle: (ctx, { params }) => endOwnSession(ctx, params.id),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/account/sessions/end_others',
      permission: 'account',
      summary: 'End all your sessions but this one',
      tag,
      response: ended,
      handle: (ctx) => endOtherSessions(ctx),
    }),
  ];
}

function resetRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/password_resets',
      permission: 'anyone',
      summary: 'Ask for a link to choose a new password',
      tag,
      throttled: true,
      body: schemas.RequestPasswordReset,
      response: accepted,
      handle: (ctx, { body }) => requestPasswordReset(ctx, body.email),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/password_resets/confirm',
      permission: 'anyone',
      summary: 'Choose a new password by a link',
      tag,
      throttled: true,
      body: schemas.ResetPassword,
      response: done,
      errors: ['link_invalid', 'password_refused'],
      handle: (ctx, { body }) => resetPassword(ctx, deps, body),
    }),
  ];
}
