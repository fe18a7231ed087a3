import type { Owner } from '../seal/key-provider.ts';

/** A token and whose it is: the first three parameters of every statement about a token. */
export type OwnedToken = Owner & { token: string };

/** Who asked, for the audit log. */
export type Origin = { actor: string; requestId: string };

export function ownerValues({ token, organization, mode }: OwnedToken): string[] {
  return [token, organization, mode];
}

/** Picks the row of a token by the three parameters; another owner's token matches nothing. */
export const ownedToken = 'id = $1 AND organization_id = $2 AND mode = $3 AND deleted_at IS NULL';
