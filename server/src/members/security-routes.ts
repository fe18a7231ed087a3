import { schemas } from 'payos-contract';
import Type from 'typebox';
import type { AccessDependencies } from '../access/index.ts';
import { accountRoute, publicRoute, type Route } from '../core/http/route.ts';
import { approveFactorReset, refuseFactorReset } from './decide-factor-reset.ts';
import { listFactorResets } from './factor-reset.ts';
import { getPolicy } from './policy.ts';
import { previewPolicy } from './preview-policy.ts';
import { requestFactorReset } from './request-factor-reset.ts';
import { updatePolicy } from './update-policy.ts';

const params = Type.Object({ id: schemas.Id('factorReset') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);

/** Routes of lost factors. */
export function factorResetRoutes(deps: AccessDependencies): Route[] {
  const tag = 'Members';
  const errors = ['own_membership', 'more_than_own', 'decided_already'] as const;
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/factor_resets',
      permission: 'members:suspend',
      summary: 'List requests to enrol new factors',
      tag,
      response: { status: 200, schema: schemas.FactorResetList },
      handle: (ctx) => listFactorResets(ctx),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/factor_resets/:id/approve',
      permission: 'members:suspend',
      summary: 'Let a member enrol new factors',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.FactorReset },
      errors,
      idempotency: 'optional',
      stepUp: 'decide_factor_reset',
      handle: (ctx, { params: { id } }) => approveFactorReset(ctx, deps.sealer, id),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/factor_resets/:id/refuse',
      permission: 'members:suspend',
      summary: 'Refuse a request to enrol new factors',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.FactorReset },
      errors,
      idempotency: 'optional',
      handle: (ctx, { params: { id } }) => refuseFactorReset(ctx, deps.sealer, id),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/sign_in/factor_reset',
      permission: 'sign_in',
      summary: 'Ask to enrol new factors, having lost all',
      tag: 'Sign-in',
      throttled: true,
      body: schemas.RequestFactorReset,
      response: { status: 200, schema: schemas.Session },
      errors: ['step_not_due', 'no_organization', 'nobody_can_decide'],
      handle: (ctx, { body }) => requestFactorReset(ctx, deps, body.reason),
    }),
  ];
}

/** Routes of the rules for signing in. */
export function policyRoutes(): Route[] {
  const tag = 'Security policy';
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/security_policy',
      permission: 'security_policy:read',
      summary: 'Retrieve the rules for signing in',
      tag,
      response: { status: 200, schema: schemas.SecurityPolicy },
      handle: (ctx) => getPolicy(ctx),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/security_policy',
      permission: 'security_policy:write',
      summary: 'Change the rules for signing in',
      tag,
      body: schemas.UpdateSecurityPolicy,
      response: { status: 200, schema: schemas.SecurityPolicy },
      errors: ['locks_you_out'],
      stepUp: 'change_security_policy',
      handle: (ctx, { body }) => updatePolicy(ctx, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/security_policy/preview',
      permission: 'security_policy:write',
      summary: 'See who could not get in under other rules',
      tag,
      body: schemas.UpdateSecurityPolicy,
      response: { status: 200, schema: schemas.PolicyPreview },
      idempotency: 'optional',
      handle: (ctx, { body }) => previewPolicy(ctx, body),
    }),
  ];
}
