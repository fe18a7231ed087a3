/**
 * What goes with every request of server and worker to the vault, besides mTLS: claims about this
 * one request, signed with Ed25519 (RFC 8032). The header is `claims.signature`, both base64url,
 * the claims being JSON of the form of `schemas.VaultClaims`.
 */
export const contextHeader = 'payos-context';

/** The longest that claims hold, in seconds. */
export const contextSecondsMax = 30;

/** What is signed: named, so that a signature of another purpose can never stand for this one. */
export function contextText(claims: string): string {
  return `payos-vault-context-v1\n${claims}`;
}

type Owned = { organization: string; mode: string; token?: string };

/** Whom a request is about: its body, or each of its `tokens`. */
export function ownedIn(body: Owned | { tokens: readonly Owned[] }): readonly Owned[] {
  return 'tokens' in body ? body.tokens : [body];
}

/** What is claimed of that: each owner once, in a fixed order, and the token where it is one. */
export function aboutWhom(owned: readonly Owned[]): { owners: string[]; token?: string } {
  const owners = owned.map(({ organization, mode }) => `${organization}/${mode}`);
  const token = owned.length === 1 ? owned[0]?.token : undefined;
  return { owners: [...new Set(owners)].sort(), ...(token === undefined ? {} : { token }) };
}
