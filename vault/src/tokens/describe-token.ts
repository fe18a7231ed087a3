import type { schemas } from 'payos-contract';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { type OwnedToken, ownedToken, ownerValues } from './owner-values.ts';

const select = {
  name: 'token-describe',
  text: `SELECT brand, last4, bin, exp_month, exp_year, single_use, fingerprint,
           (single_use AND used_at IS NOT NULL) AS used,
           (expires_at IS NOT NULL AND expires_at <= now()) AS expired
         FROM tokens WHERE ${ownedToken}`,
};

type Row = schemas.CardDisplay & {
  single_use: boolean;
  used: boolean;
  expired: boolean;
  fingerprint: Buffer | null;
};

/**
 * What may be shown of a token. The fingerprint is empty once the card is gone. Throws
 * {@link Refusal} `not_found`, for another owner's token too.
 */
export async function describeToken(db: Db, which: OwnedToken): Promise<schemas.TokenDescription> {
  const [row] = await db.run<Row>(select, ownerValues(which));
  if (row === undefined) throw new Refusal('not_found');
  const { brand, last4, bin, exp_month, exp_year, single_use, used, expired } = row;
  return {
    token: which.token,
    card: { brand, last4, bin, exp_month, exp_year },
    single_use,
    used,
    expired,
    fingerprint: row.fingerprint?.toString('base64url') ?? '',
  };
}
