import type { schemas } from 'payos-contract';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { newToken } from './token.ts';

const replaceToken = statement(
  'sessions.advance',
  `UPDATE sessions SET token_hash = $4, state = 'active', proofs = $5, last_used_at = now(),
     factor_at = CASE WHEN $6::text IS NULL THEN factor_at ELSE now() END,
     factor = coalesce($6, factor)
   WHERE id = $1 AND token_hash = $2 AND state = $3 AND ended_at IS NULL
   RETURNING id`,
);

/**
 * Takes a session a step further: what was given is added to it, and its token is replaced, so that
 * one who had the old token does not take part in the step (ASVS 7.2.4).
 *
 * @param proof undefined where nothing was given: then the session is no fresher than before
 * @returns the new token
 * @throws ApiError `session_expired` when the session was ended or another step was faster
 */
export async function advanceSession(
  tx: Tx,
  session: SignedIn,
  proof: schemas.Proof | undefined,
): Promise<string> {
  const { plain, hash } = newToken();
  const proofs = [...new Set([...session.proofs, ...(proof === undefined ? [] : [proof])])];
  const values = [session.id, session.tokenHash, session.state, hash, proofs];
  const [row] = await tx.query(replaceToken, [...values, isFactor(proof) ? proof : null]);
  if (row === undefined) throw new ApiError('session_expired');
  return plain;
}

type Factor = 'passkey' | 'totp';

/** Whether it makes a session fresh. A recovery code does not: it is there to enrol another. */
export function isFactor(proof: schemas.Proof | undefined): proof is Factor {
  return proof === 'passkey' || proof === 'totp';
}
