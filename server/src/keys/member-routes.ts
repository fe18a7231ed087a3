import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import type { KeyDependencies } from './change-key.ts';
import { createKey } from './create-key.ts';
import { disableKey } from './disable-key.ts';
import { enableKey } from './enable-key.ts';
import { getKey, getOwnKey } from './get-key.ts';
import { getKeyUsage } from './key-usage.ts';
import { listKeys } from './list-keys.ts';
import { revokeKey } from './revoke-key.ts';
import { getKeySafety } from './safety/key-safety.ts';
import { updateKey } from './update-key.ts';

const params = Type.Object({ id: schemas.Id('apiKey') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);
const tag = 'API keys';
const changed = { status: 200, schema: schemas.ChangedApiKey };

/** Routes of API keys for people, and for the keys themselves. */
export function memberRoutes(deps: KeyDependencies): Route[] {
  return [...making(deps), ...reading(deps), ...switching(deps)];
}

function making(deps: KeyDependencies): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys',
      permission: 'keys:write',
      summary: 'Create an API key',
      tag,
      body: schemas.CreateApiKey,
      response: { status: 201, schema: schemas.ApiKeyWithSecret },
      errors: ['more_than_own', 'key_policy_refused', 'key_limit_reached'],
      idempotency: 'optional',
      secret: true,
      stepUp: 'create_api_key',
      handle: (ctx, { body }) => createKey(ctx, deps, body),
    }),
    publicRoute({
      method: 'PATCH',
      path: '/v1/api_keys/:id',
      permission: 'keys:write',
      summary: 'Change an API key',
      tag,
      params,
      body: schemas.UpdateApiKey,
      response: changed,
      errors: [
        'more_than_own',
        'key_policy_refused',
        'key_overdue',
        'key_state',
        'card_key_exposed',
      ],
      stepUp: 'change_api_key',
      handle: (ctx, { params: { id }, body }) => updateKey(ctx, deps, id, body),
    }),
  ];
}

function reading(deps: KeyDependencies): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/api_keys',
      permission: 'keys:read',
      summary: 'List API keys',
      tag,
      query: schemas.ListApiKeys,
      response: { status: 200, schema: schemas.ApiKeyPage },
      handle: (ctx, { query }) => listKeys(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/api_keys/self',
      permission: 'keys:roll_self',
      summary: 'Retrieve the API key that asks',
      tag,
      response: { status: 200, schema: schemas.ApiKeyEntry },
      errors: ['keys_only'],
      handle: (ctx) => getOwnKey(ctx),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/api_keys/:id',
      permission: 'keys:read',
      summary: 'Retrieve an API key',
      tag,
      params,
      response: { status: 200, schema: schemas.ApiKeyDetail },
      handle: (ctx, { params: { id } }) => getKey(ctx, deps, id),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/api_keys/:id/usage',
      permission: 'keys:read',
      summary: 'See who uses an API key, from where, and which permissions',
      tag,
      params,
      response: { status: 200, schema: schemas.ApiKeyUsage },
      handle: (ctx, { params: { id } }) => getKeyUsage(ctx, id),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/api_key_safety',
      permission: 'keys:read',
      summary: 'See what could be safer about the API keys',
      tag,
      response: { status: 200, schema: schemas.ApiKeySafety },
      handle: (ctx) => getKeySafety(ctx),
    }),
  ];
}

function switching(deps: KeyDependencies): Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys/:id/disable',
      permission: 'keys:revoke',
      summary: 'Switch an API key off',
      tag,
      params,
      body: schemas.DisableApiKey,
      response: changed,
      errors: ['key_state'],
      idempotency: 'optional',
      handle: (ctx, { params: { id }, body }) => disableKey(ctx, deps, id, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys/:id/enable',
      permission: 'keys:write',
      summary: 'Switch an API key on again',
      tag,
      params,
      body: nothing,
      response: changed,
      errors: ['more_than_own', 'key_state'],
      idempotency: 'optional',
      stepUp: 'change_api_key',
      handle: (ctx, { params: { id } }) => enableKey(ctx, deps, id),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys/:id/revoke',
      permission: 'keys:revoke',
      summary: 'Revoke an API key',
      tag,
      params,
      body: schemas.RevokeApiKey,
      response: changed,
      idempotency: 'optional',
      handle: (ctx, { params: { id }, body }) => revokeKey(ctx, deps, id, body),
    }),
  ];
}
