import type { Mode } from 'payos-contract';
import type { Database } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { findVisited } from './find-visitor.ts';

/** What the vault is told of a secret that may create tokens. */
export type CheckedSecret = {
  organization: string;
  mode: Mode;
  session: string;
  /** Pages on which it works. */
  origins: readonly string[];
};

/**
 * Whether cards may be collected with the secret of a session.
 *
 * @param publicUrl where browsers find the API, and so the page
 * @throws ApiError `invalid_checkout_secret`, `checkout_session_over`
 */
export async function checkSecret(
  db: Database,
  publicUrl: string,
  secret: string,
): Promise<CheckedSecret> {
  const { organization, mode, session, isOpen } = await findVisited(db, 'collect', secret);
  if (!isOpen) throw new ApiError('checkout_session_over');
  return { organization, mode, session, origins: [new URL(publicUrl).origin] };
}
