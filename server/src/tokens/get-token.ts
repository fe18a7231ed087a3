import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import type { VaultClient } from '../vault-client/index.ts';

/** What may be shown of a token. @throws ApiError `not_found`, `vault_unavailable` */
export async function getToken(
  ctx: ScopedContext,
  vault: VaultClient,
  id: string,
): Promise<schemas.TokenDetails> {
  const { card, fingerprint, created_at, expires_at, ...state } = await vault.describe(
    ctx.scope,
    id,
    ctx.requestId,
  );
  return {
    id,
    object: 'token',
    mode: ctx.scope.mode,
    status: statusOf(state),
    card,
    fingerprint,
    created_at,
    expires_at,
  };
}

type State = Pick<schemas.TokenDescription, 'single_use' | 'used' | 'expired'>;

function statusOf({ single_use, used, expired }: State): schemas.TokenDetails['status'] {
  if (!single_use) return 'saved';
  if (used) return 'used';
  return expired ? 'expired' : 'ready';
}
