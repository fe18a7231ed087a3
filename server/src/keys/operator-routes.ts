import { schemas } from 'payos-contract';
import Type from 'typebox';
import { globalRoute, type Route } from '../core/http/route.ts';
import { findOrganization } from '../organizations/index.ts';
import type { KeyDependencies } from './change-key.ts';
import { createKeyByOperator } from './create-key.ts';
import { disableKey } from './disable-key.ts';
import { enableKey } from './enable-key.ts';
import { finishRotation } from './finish-rotation.ts';
import { getKey } from './get-key.ts';
import { getKeyUsage } from './key-usage.ts';
import { listAllKeys } from './list-keys.ts';
import { readKeyPolicy } from './policy/key-policy.ts';
import { updateKeyPolicy } from './policy/update-key-policy.ts';
import { revokeKey } from './revoke-key.ts';
import { getKeySafety } from './safety/key-safety.ts';
import { rotateKey } from './succeed-key.ts';
import { updateKey } from './update-key.ts';

const params = Type.Object({ id: schemas.Id('apiKey') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);
const common = { permission: 'operator:keys', tag: 'API keys' } as const;
const changed = { status: 200, schema: schemas.ChangedApiKey };

/** What whoever stands on the machine does with keys: the same verbs as people have. */
export function operatorRoutes(deps: KeyDependencies): Route[] {
  return [...making(deps), ...changing(deps), ...replacing(deps), ...rules(deps)];
}

function making(deps: KeyDependencies): Route[] {
  return [
    globalRoute('operator', {
      ...common,
      method: 'POST',
      path: '/operator/api_keys',
      summary: 'Mint an API key',
      body: schemas.OperatorCreateApiKey,
      response: { status: 201, schema: schemas.ApiKeyWithSecret },
      handle: (ctx, { body }) => createKeyByOperator(ctx, deps, body),
    }),
    globalRoute('operator', {
      ...common,
      method: 'GET',
      path: '/operator/api_keys',
      summary: 'List API keys',
      query: schemas.OperatorListApiKeys,
      response: { status: 200, schema: schemas.ApiKeyList },
      handle: (ctx, { query }) => listAllKeys(ctx, query),
    }),
    globalRoute('operator', {
      ...common,
      method: 'GET',
      path: '/operator/api_keys/:id',
      summary: 'Retrieve an API key',
      params,
      response: { status: 200, schema: schemas.ApiKeyDetail },
      handle: (ctx, { params: { id } }) => getKey(ctx, deps, id),
    }),
    globalRoute('operator', {
      ...common,
      method: 'GET',
      path: '/operator/api_keys/:id/usage',
      summary: 'See who uses an API key',
      params,
      response: { status: 200, schema: schemas.ApiKeyUsage },
      handle: (ctx, { params: { id } }) => getKeyUsage(ctx, id),
    }),
  ];
}

function changing(deps: KeyDependencies): Route[] {
  return [
    globalRoute('operator', {
      ...common,
      method: 'PATCH',
      path: '/operator/api_keys/:id',
      summary: 'Change an API key',
      params,
      body: schemas.UpdateApiKey,
      response: changed,
      handle: (ctx, { params: { id }, body }) => updateKey(ctx, deps, id, body),
    }),
    globalRoute('operator', {
      ...common,
      method: 'POST',
      path: '/operator/api_keys/:id/disable',
      summary: 'Switch an API key off',
      params,
      body: schemas.DisableApiKey,
      response: changed,
      handle: (ctx, { params: { id }, body }) => disableKey(ctx, deps, id, body),
    }),
    globalRoute('operator', {
      ...common,
      method: 'POST',
      path: '/operator/api_keys/:id/enable',
      summary: 'Switch an API key on again',
      params,
      body: nothing,
      response: changed,
      handle: (ctx, { params: { id } }) => enableKey(ctx, deps, id),
    }),
    globalRoute('operator', {
      ...common,
      method: 'POST',
      path: '/operator/api_keys/:id/revoke',
      summary: 'Revoke an API key',
      params,
      body: schemas.RevokeApiKey,
      response: changed,
      handle: (ctx, { params: { id }, body }) => revokeKey(ctx, deps, id, body),
    }),
  ];
}

function replacing(deps: KeyDependencies): Route[] {
  return [
    globalRoute('operator', {
      ...common,
      method: 'POST',
      path: '/operator/api_keys/:id/rotate',
      summary: 'Rotate an API key',
      params,
      body: schemas.RotateApiKey,
      response: { status: 201, schema: schemas.RotatedApiKey },
      handle: (ctx, { params: { id }, body }) => rotateKey(ctx, deps, id, body),
    }),
    globalRoute('operator', {
      ...common,
      method: 'POST',
      path: '/operator/api_keys/:id/finish_rotation',
      summary: 'End a rotated API key now',
      params,
      body: nothing,
      response: changed,
      handle: (ctx, { params: { id } }) => finishRotation(ctx, deps, id),
    }),
  ];
}

function rules(deps: KeyDependencies): Route[] {
  const schema = schemas.ApiKeyPolicy;
  return [
    globalRoute('operator', {
      ...common,
      method: 'GET',
      path: '/operator/api_key_policy',
      summary: 'Retrieve the rules for API keys',
      query: schemas.OperatorApiKeyScope,
      response: { status: 200, schema },
      handle: async (ctx, { query: { organization, mode } }) => {
        const scope = { organization: await findOrganization(ctx, organization), mode };
        return readKeyPolicy(ctx.db.read, scope);
      },
    }),
    globalRoute('operator', {
      ...common,
      method: 'PATCH',
      path: '/operator/api_key_policy',
      summary: 'Change the rules for API keys',
      query: schemas.OperatorApiKeyScope,
      body: schemas.UpdateApiKeyPolicy,
      response: { status: 200, schema },
      handle: async (ctx, { query: { organization, mode }, body }) => {
        const scope = { organization: await findOrganization(ctx, organization), mode };
        return updateKeyPolicy(ctx, deps, scope, body);
      },
    }),
    globalRoute('operator', {
      ...common,
      method: 'GET',
      path: '/operator/api_key_safety',
      summary: 'See what could be safer',
      query: schemas.OperatorApiKeyScope,
      response: { status: 200, schema: schemas.ApiKeySafety },
      handle: async (ctx, { query: { organization, mode } }) => {
        const scope = { organization: await findOrganization(ctx, organization), mode };
        return getKeySafety({ ...ctx, scope });
      },
    }),
  ];
}
