import type { Owner } from '../seal/key-provider.ts';

/** A token and whose it is: the first three parameters of every statement about a token. */
export type OwnedToken = Owner & { token: string };

/** Who asked, for the audit log. */
export type Origin = { actor: string; requestId: string };

/** The parameters `$1`, `$2`, `$3` that {@link ownedToken} looks for. */
export function ownerValues({ token, organization, mode }: OwnedToken): string[] {
  return [token, organization, mode];
}

/**
 * Whether a token may pay: one that was made on the page of a checkout session pays that session
 * alone, and no other pays a session. Of one from before this was written down nobody knows.
 *
 * @param session parameter or column with the session that is paid; null: none is
 */
export function paysFor(session: string): string {
  return `(checkout_session IS NOT DISTINCT FROM ${session} OR made_with IS NULL)`;
}

/** Picks the row of a token by the three values; another owner's token matches nothing. */
export function ownedToken(token = '$1', organization = '$2', mode = '$3'): string {
  return `id = ${token} AND organization_id = ${organization} AND mode = ${mode}
    AND deleted_at IS NULL`;
}
