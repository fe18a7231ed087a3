import { encodeBase58, idPrefixes, type schemas } from 'payos-contract';
import type { Db } from '../core/db.ts';
import { type OwnedToken, ownedToken } from './owner-values.ts';

/**
 * OFFSET 0 keeps the look-up of each token an index scan of its own: as a join, a plan made while
 * the table was small would read all of it when it is large. And JSON, not arrays: how long an
 * array is changes what PostgreSQL expects, so that it would plan anew each time.
 */
const select = {
  name: 'tokens-describe',
  text: `SELECT asked.token, found.*
         FROM ROWS FROM (json_to_recordset($1) AS (token text, organization text, mode text))
           WITH ORDINALITY AS asked (token, organization, mode, place)
         LEFT JOIN LATERAL (
           SELECT brand, last4, bin, exp_month, exp_year, funding, country, single_use,
             expires_at IS NULL AS saved, fingerprint, created_at, expires_at,
             (single_use AND used_at IS NOT NULL) AS used,
             (expires_at IS NOT NULL AND expires_at <= now()) AS expired,
             made_with, checkout_session
           FROM tokens WHERE ${ownedToken('asked.token', 'asked.organization', 'asked.mode')}
           OFFSET 0
         ) AS found ON true
         ORDER BY asked.place`,
};

type Told =
  | 'token'
  | 'single_use'
  | 'saved'
  | 'used'
  | 'expired'
  | 'made_with'
  | 'checkout_session';
type Row = Pick<schemas.TokenDescription, Told> &
  schemas.CardDisplay & { fingerprint: Buffer | null; created_at: Date; expires_at: Date | null };
type Nothing = { [Name in keyof Row]: null } & { token: string };

/**
 * What may be shown of tokens, in their order; null for one that its owner does not have. The
 * fingerprint is null once the card is gone.
 */
export async function describeTokens(
  db: Db,
  which: readonly OwnedToken[],
): Promise<(schemas.TokenDescription | null)[]> {
  const asked = which.map(({ token, organization, mode }) => ({ token, organization, mode }));
  const rows = await db.run<Row | Nothing>(select, [JSON.stringify(asked)]);
  return rows.map((row) => {
    if (row.brand === null) return null;
    const { token, brand, last4, bin, exp_month, exp_year, funding, country } = row;
    const { single_use, saved, used, expired, made_with, checkout_session } = row;
    return {
      token,
      card: { brand, last4, bin, exp_month, exp_year, funding, country },
      ...{ single_use, saved, used, expired, made_with, checkout_session },
      fingerprint: row.fingerprint && `${idPrefixes.fingerprint}_${encodeBase58(row.fingerprint)}`,
      created_at: row.created_at.toISOString(),
      expires_at: row.expires_at?.toISOString() ?? null,
    };
  });
}
