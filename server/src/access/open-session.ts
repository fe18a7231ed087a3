import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { isFactor } from './advance-session.ts';
import { newToken } from './token.ts';

const insertSession = statement(
  'sessions.insert',
  `INSERT INTO sessions (id, token_hash, account_id, organization_id, state, proofs, factor,
     factor_at, user_agent, address)
   VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::text IS NOT NULL THEN now() END, $8, $9)`,
);

type NewSession = {
  account: string;
  organization: string | undefined;
  state: SignedIn['state'];
  proofs: readonly schemas.Proof[];
};

/**
 * Opens a session for the client that asks.
 *
 * @returns its id, and the token that goes into the cookie and nowhere else
 */
export async function openSession(
  tx: Tx,
  ctx: Context,
  session: NewSession,
): Promise<{ id: string; token: string }> {
  const { plain, hash } = newToken();
  const id = newId('session');
  const { account, organization, state, proofs } = session;
  const factor = proofs.find(isFactor) ?? null;
  const where = [ctx.userAgent ?? null, ctx.address ?? null];
  const values = [id, hash, account, organization ?? null, state, [...proofs], factor, ...where];
  await tx.query(insertSession, values);
  return { id, token: plain };
}
