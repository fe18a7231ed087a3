import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import type { KeyDependencies } from './change-key.ts';
import { finishRotation } from './finish-rotation.ts';
import { rollKey, rotateKey } from './succeed-key.ts';

const params = Type.Object({ id: schemas.Id('apiKey') }, schemas.closed);
const nothing = Type.Object({}, schemas.closed);

/** Routes by which a key is replaced, by people and by itself. */
export function rotationRoutes(deps: KeyDependencies): Route[] {
  const tag = 'API keys';
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys/:id/rotate',
      permission: 'keys:write',
      summary: 'Rotate an API key',
      tag,
      params,
      body: schemas.RotateApiKey,
      response: { status: 201, schema: schemas.RotatedApiKey },
      errors: [
        ...(['more_than_own', 'key_policy_refused', 'key_limit_reached'] as const),
        ...(['key_rotated_already', 'key_state'] as const),
      ],
      idempotency: 'optional',
      secret: true,
      stepUp: 'rotate_api_key',
      handle: (ctx, { params: { id }, body }) => rotateKey(ctx, deps, id, body),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys/:id/finish_rotation',
      permission: 'keys:revoke',
      summary: 'End a rotated API key now',
      tag,
      params,
      body: nothing,
      response: { status: 200, schema: schemas.ChangedApiKey },
      errors: ['key_state'],
      idempotency: 'optional',
      handle: (ctx, { params: { id } }) => finishRotation(ctx, deps, id),
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/api_keys/roll',
      permission: 'keys:roll_self',
      summary: 'Let the API key that asks replace itself',
      tag,
      body: schemas.RollApiKey,
      response: { status: 201, schema: schemas.RotatedApiKey },
      errors: ['keys_only', 'key_rotated_already', 'key_state'],
      idempotency: 'optional',
      secret: true,
      handle: (ctx, { body }) => rollKey(ctx, deps, body),
    }),
  ];
}
