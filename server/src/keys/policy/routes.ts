import { schemas } from 'payos-contract';
import { publicRoute, type Route } from '../../core/http/route.ts';
import type { KeyDependencies } from '../change-key.ts';
import { getKeyPolicy } from './key-policy.ts';
import { previewKeyPolicy } from './preview-key-policy.ts';
import { updateKeyPolicy } from './update-key-policy.ts';

/** Routes of the rules for API keys. */
export function policyRoutes(deps: KeyDependencies): Route[] {
  const tag = 'API keys';
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/api_key_policy',
      // Whoever sees keys has to know what is asked of them.
      permission: 'keys:read',
      summary: 'Retrieve the rules for API keys',
      tag,
      response: { status: 200, schema: schemas.ApiKeyPolicy },
      handle: (ctx) => getKeyPolicy(ctx),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/api_key_policy',
      permission: 'security_policy:write',
      summary: 'Change the rules for API keys',
      tag,
      body: schemas.UpdateApiKeyPolicy,
      response: { status: 200, schema: schemas.ApiKeyPolicy },
      stepUp: 'change_key_policy',
      handle: (ctx, { body }) => updateKeyPolicy(ctx, deps, ctx.scope, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/api_key_policy/preview',
      permission: 'security_policy:write',
      summary: 'See which API keys other rules would concern',
      tag,
      body: schemas.UpdateApiKeyPolicy,
      response: { status: 200, schema: schemas.ApiKeyPolicyPreview },
      idempotency: 'optional',
      handle: (ctx, { body }) => previewKeyPolicy(ctx, body),
    }),
  ];
}
