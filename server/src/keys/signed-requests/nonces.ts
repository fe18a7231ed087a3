import { Batch } from '../../core/batch.ts';
import { type Database, run, statement } from '../../core/db.ts';
import { ApiError } from '../../core/errors.ts';
import { sweepInPieces } from '../../core/sweep.ts';
import { type SignedRequest, signatureWindowSeconds } from './read-signed-request.ts';
import { invalidSignature } from './refuse-signature.ts';

type Used = Pick<SignedRequest, 'keyId' | 'nonce' | 'created'>;
type Verdict = 'new' | 'used' | 'too old';
type Row = { key_id: string; nonce: string; timely: boolean; claimed: boolean };

/**
 * In one order, so that two processes with the same nonces wait for, and not against, each other.
 * What is too old is refused by the database's clock, which is the one that nonces are swept by:
 * a process whose clock is slow cannot take a signature whose nonce was forgotten.
 */
const claim = statement(
  'keys.claim_nonces',
  `WITH asked AS (
     SELECT DISTINCT key_id, nonce, to_timestamp(seconds) AS expires_at,
       to_timestamp(seconds) > now() AS timely
     FROM unnest($1::text[], $2::text[], $3::float8[]) AS asked (key_id, nonce, seconds)
   ), claimed AS (
     INSERT INTO signature_nonces (key_id, nonce, expires_at)
     SELECT key_id, nonce, max(expires_at) FROM asked WHERE timely
     GROUP BY key_id, nonce ORDER BY key_id COLLATE "C", nonce COLLATE "C"
     ON CONFLICT DO NOTHING
     RETURNING key_id, nonce
   )
   SELECT key_id, nonce, bool_and(timely) AS timely, claimed.nonce IS NOT NULL AS claimed
   FROM asked LEFT JOIN claimed USING (key_id, nonce)
   GROUP BY key_id, nonce, claimed.nonce`,
);

const atOnce = 5_000;
/** A margin for a statement that began before its nonce was swept. */
const sweepOld = statement(
  'keys.sweep_nonces',
  `WITH gone AS (
     DELETE FROM signature_nonces WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM signature_nonces WHERE expires_at < now() - interval '1 minute'
       ORDER BY expires_at LIMIT ${atOnce}))
     RETURNING 1
   ) SELECT count(*)::integer AS count FROM gone`,
);

/** Remembers which signatures were used, over all processes. */
export class Nonces {
  readonly #claims: Batch<Used, Verdict>;

  constructor(db: Database) {
    this.#claims = new Batch({
      most: 200,
      patienceMs: 20,
      work: (items) => claimTogether(db, items),
    });
  }

  /**
   * Uses a signature up. When this resolves, that is on disk.
   *
   * @throws ApiError `signature_replayed`, also of two at once to one of them; `invalid_signature`
   *   when it is too old by the database's clock
   */
  async use(signed: Used): Promise<void> {
    const verdict = await this.#claims.ask(signed);
    if (verdict === 'used') throw new ApiError('signature_replayed');
    if (verdict === 'too old') throw invalidSignature('`created` is too long ago.');
  }
}

/** Removes nonces of signatures that nobody takes any more. */
export function sweepNonces(db: Database): Promise<void> {
  return sweepInPieces(db, sweepOld, atOnce);
}

async function claimTogether(db: Database, items: readonly Used[]): Promise<Verdict[]> {
  const rows = await run<Row>(db.write, claim, [
    items.map(({ keyId }) => keyId),
    items.map(({ nonce }) => nonce),
    items.map(({ created }) => String(created + signatureWindowSeconds)),
  ]);
  const found = new Map(rows.map((row) => [idOf(row.key_id, row.nonce), row]));
  return items.map(({ keyId, nonce }) => {
    const row = found.get(idOf(keyId, nonce));
    if (row?.timely !== true) return 'too old';
    if (!row.claimed) return 'used';
    // Of two in the same batch, the second finds it used.
    row.claimed = false;
    return 'new';
  });
}

const idOf = (keyId: string, nonce: string) => `${keyId} ${nonce}`;
