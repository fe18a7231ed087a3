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
    single_use: state.single_use,
    card,
    fingerprint,
    created_at,
    expires_at,
  };
}

type State = Pick<schemas.TokenDescription, 'saved' | 'used' | 'expired'>;

function statusOf({ saved, used, expired }: State): schemas.TokenDetails['status'] {
  if (saved) return 'saved';
  if (used) return 'used';
  return expired ? 'expired' : 'ready';
}
