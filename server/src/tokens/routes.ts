import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { deleteToken } from './delete-token.ts';
import { getToken } from './get-token.ts';

const token = Type.Object({ id: schemas.Id('token') }, schemas.closed);

/** Tokens, as a merchant's server looks after them. They are made on the vault's origin. */
export function tokenRoutes({ vault }: { vault: VaultClient }): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/tokens/:id',
      permission: 'tokens:read',
      summary: 'Retrieve what may be shown of a token',
      tag: 'Tokens',
      params: token,
      response: { status: 200, schema: schemas.TokenDetails },
      errors: ['vault_unavailable'],
      handle: (ctx, { params }) => getToken(ctx, vault, params.id),
    }),
    publicRoute({
      method: 'DELETE',
      path: '/v1/tokens/:id',
      permission: 'tokens:delete',
      summary: 'Destroy a token that can still be paid with',
      tag: 'Tokens',
      params: token,
      response: { status: 200, schema: schemas.Deleted },
      errors: ['token_already_used', 'vault_unavailable'],
      handle: (ctx, { params }) => deleteToken(ctx, vault, params.id),
    }),
  ];
}
