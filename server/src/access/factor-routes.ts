import { schemas } from 'payos-contract';
import Type from 'typebox';
import { accountRoute, type Route } from '../core/http/route.ts';
import type { AccessDependencies } from './dependencies.ts';
import { addPasskey, beginPasskey } from './enroll-passkey.ts';
import { beginTotp, confirmTotp } from './enroll-totp.ts';
import { listFactors } from './factors.ts';
import { removePasskey, removeTotp } from './remove-factor.ts';
import { renewRecoveryCodes } from './renew-recovery-codes.ts';

const tag = 'Your factors';
const factors = { status: 200, schema: schemas.Factors };
const enrolled = { status: 200, schema: schemas.Enrolled };
const passkeyId = Type.Object({ id: schemas.Id('passkey') }, schemas.closed);

/** Second factors of whoever is signed in, or is about to enrol the first one. */
export function factorRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'GET',
      path: '/v1/account/factors',
      permission: 'sign_in',
      summary: 'List your factors',
      tag,
      response: factors,
      handle: (ctx) => listFactors(ctx),
    }),
    ...totpRoutes(deps),
    ...passkeyRoutes(deps),
    accountRoute({
      method: 'POST',
      path: '/v1/account/recovery_codes',
      permission: 'account',
      summary: 'Make new recovery codes',
      tag,
      stepUp: 'change_factors',
      response: { status: 200, schema: schemas.RecoveryCodes },
      handle: (ctx) => renewRecoveryCodes(ctx, deps),
    }),
  ];
}

function totpRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/account/totp',
      permission: 'sign_in',
      summary: 'Begin to set up an authenticator app',
      tag,
      stepUp: 'add_factor',
      response: { status: 200, schema: schemas.NewTotp },
      errors: ['factor_exists', 'factor_not_allowed'],
      handle: (ctx) => beginTotp(ctx, deps),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/account/totp/confirm',
      permission: 'sign_in',
      summary: 'Confirm the authenticator app with its first code',
      tag,
      throttled: true,
      stepUp: 'add_factor',
      body: schemas.TotpSignIn,
      response: enrolled,
      errors: ['sign_in_failed', 'factor_not_allowed'],
      handle: (ctx, { body }) => confirmTotp(ctx, deps, body.code),
    }),
    accountRoute({
      method: 'DELETE',
      path: '/v1/account/totp',
      permission: 'account',
      summary: 'Remove the authenticator app',
      tag,
      stepUp: 'change_factors',
      response: factors,
      errors: ['not_found', 'last_factor'],
      handle: (ctx) => removeTotp(ctx, deps),
    }),
  ];
}

function passkeyRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/account/passkey_options',
      permission: 'sign_in',
      summary: 'Begin to make a passkey',
      tag,
      stepUp: 'add_factor',
      response: { status: 200, schema: schemas.PasskeyOptions },
      errors: ['factor_not_allowed'],
      handle: (ctx) => beginPasskey(ctx, deps),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/account/passkeys',
      permission: 'sign_in',
      summary: 'Add the passkey that was made',
      tag,
      stepUp: 'add_factor',
      body: schemas.AddPasskey,
      response: enrolled,
      errors: ['passkey_refused', 'passkey_limit_reached', 'factor_exists', 'factor_not_allowed'],
      handle: (ctx, { body }) => addPasskey(ctx, deps, body.credential, body.name),
    }),
    accountRoute({
      method: 'DELETE',
      path: '/v1/account/passkeys/:id',
      permission: 'account',
      summary: 'Remove a passkey',
      tag,
      stepUp: 'change_factors',
      params: passkeyId,
      response: factors,
      errors: ['not_found', 'last_factor'],
      handle: (ctx, { params }) => removePasskey(ctx, deps, params.id),
    }),
  ];
}
