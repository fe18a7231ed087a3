import type { KeyObject } from 'node:crypto';
import { schemas } from 'payos-contract';
import Type from 'typebox';
import { requirePermission } from '../core/context.ts';
import { globalRoute, type Route } from '../core/http/route.ts';
import { createKey } from './create-key.ts';
import { listKeys } from './list-keys.ts';
import { revokeKey } from './revoke-key.ts';
import type { KeyVerifier } from './verify-key.ts';

const params = Type.Object({ id: schemas.Id('apiKey') }, schemas.closed);

type Dependencies = { pepper: KeyObject; verifier: KeyVerifier; keyRate: number };

/** Operator routes of API keys, and the one the vault asks. */
export function keyRoutes({ pepper, verifier, keyRate }: Dependencies): Route[] {
  return [
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/api_keys',
      permission: 'operator:keys',
      summary: 'Mint an API key',
      tag: 'API keys',
      body: schemas.OperatorCreateApiKey,
      response: { status: 201, schema: schemas.ApiKeyWithSecret },
      handle: (ctx, { body }) => createKey(ctx, pepper, body),
    }),
    globalRoute('operator', {
      method: 'GET',
      path: '/operator/api_keys',
      permission: 'operator:keys',
      summary: 'List API keys',
      tag: 'API keys',
      query: schemas.OperatorListApiKeys,
      response: { status: 200, schema: schemas.ApiKeyList },
      handle: (ctx, { query }) => listKeys(ctx, query),
    }),
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/api_keys/:id/revoke',
      permission: 'operator:keys',
      summary: 'Revoke an API key',
      tag: 'API keys',
      params,
      body: schemas.RevokeApiKey,
      response: { status: 200, schema: schemas.ApiKey },
      handle: async (ctx, { params: { id }, body }) => {
        const revoked = await revokeKey(ctx, id, body.reason);
        verifier.forget();
        return revoked;
      },
    }),
    globalRoute('internal', {
      method: 'POST',
      path: '/internal/check-key',
      permission: 'system',
      summary: 'Whether a key presented to the vault may create tokens',
      tag: 'Internal',
      body: schemas.CheckKey,
      response: { status: 200, schema: schemas.CheckedKey },
      handle: async (_ctx, { body }) => {
        const key = await verifier.verify(body.key);
        const { permissions, id, organization, mode, kind } = key;
        requirePermission({ type: 'api_key', id, permissions }, body.permission);
        return { organization, mode, key: id, kind, rate_limit: key.rateLimit ?? keyRate };
      },
    }),
  ];
}
