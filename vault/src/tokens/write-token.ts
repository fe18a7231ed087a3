import { createBatch } from '../core/batch.ts';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { secureBytes } from '../core/random.ts';
import type { NumberMac } from '../seal/fingerprint.ts';
import type { TokenLife } from './token-life.ts';

/** What the caller showed; the session is that of `checkout_session`, null otherwise. */
export type TokenMaker = {
  kind: 'secret' | 'publishable' | 'checkout_session';
  session: string | null;
};

/** What is stored of a new token. */
type NewToken = {
  id: string;
  organization: string;
  mode: string;
  brand: string;
  last4: string;
  bin: string;
  exp_month: number;
  exp_year: number;
  funding: string | null;
  country: string | null;
  /** By which the card is known, if it is. */
  numberMacs: readonly NumberMac[];
  life: TokenLife;
  madeWith: TokenMaker;
  sealed: Buffer;
  actor: string;
  requestId: string;
  /** The caller's Idempotency-Key and a keyed hash of what was sent under it. */
  idempotency: { key: string; mac: Buffer } | undefined;
};

/** Stores a token. Answers when it was made; `undefined` if its Idempotency-Key is in use. */
export type WriteToken = (token: NewToken) => Promise<Date | undefined>;

/**
 * Token, sealed card, idempotency key and audit entry in one statement: one round trip, one
 * transaction. Under a key that is in use it inserts nothing and answers no row; a second request
 * with the same key waits in the unique index until the first has committed.
 */
const insertOne = {
  name: 'token-create',
  text: `
    WITH gate AS (
      INSERT INTO idempotency_keys (organization_id, mode, key, request_mac, token_id, created_at)
      SELECT $2, $3, $11, $12, $1, now() WHERE $11::text IS NOT NULL
      ON CONFLICT (organization_id, mode, key) DO UPDATE
        SET request_mac = excluded.request_mac, token_id = excluded.token_id, created_at = now()
        WHERE idempotency_keys.created_at < now() - interval '24 hours'
      RETURNING 1
    ), passed AS (
      SELECT $16::integer[] AS places WHERE $11::text IS NULL
      UNION ALL SELECT $16::integer[] FROM gate
    ), token AS (
      INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                          funding, country, fingerprint, created_at, expires_at,
                          single_use, lifetime_s, made_with, checkout_session)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, fingerprint, moment,
             moment + $23 * interval '1 second', $22, $23::integer, $24, $25
      FROM passed,
           LATERAL find_fingerprints(passed.places, $17, $18, $19, $20, $21) AS known,
           (SELECT date_trunc('milliseconds', now()) AS moment) AS clock
      RETURNING id, created_at
    ), card AS (
      INSERT INTO cards (token_id, sealed) SELECT id, $13 FROM token
    ), audit AS (
      INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id)
      SELECT $2, $3, $14, 'token.create', id, $15 FROM token
    )
    SELECT created_at FROM token`,
};

/** The same for several tokens without keys: only a card that is new to others is waited for. */
const insertMany = {
  name: 'tokens-create',
  text: `
    WITH token AS (
      INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                          funding, country, fingerprint, created_at, expires_at,
                          single_use, lifetime_s, made_with, checkout_session)
      SELECT id, organization, mode, brand, last4, bin, exp_month, exp_year, funding, country,
             fingerprint, moment, moment + lifetime * interval '1 second', once, lifetime,
             made, session
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                  $7::smallint[], $8::smallint[], $9::text[], $10::text[], $20::boolean[],
                  $21::integer[], $22::text[], $23::text[])
             WITH ORDINALITY AS new (id, organization, mode, brand, last4, bin, exp_month, exp_year,
                                     funding, country, once, lifetime, made,
                                     session, place)
           JOIN find_fingerprints($14, $15, $16, $17, $18, $19) AS known USING (place),
           (SELECT date_trunc('milliseconds', now()) AS moment) AS clock
      RETURNING created_at
    ), card AS (
      INSERT INTO cards (token_id, sealed) SELECT * FROM unnest($1::text[], $11::bytea[])
    ), audit AS (
      INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id)
      SELECT organization, mode, actor, 'token.create', id, request
      FROM unnest($1::text[], $2::text[], $3::text[], $12::text[], $13::text[])
        AS new (id, organization, mode, actor, request)
    )
    SELECT created_at FROM token`,
};

const most = 32;
const trips = 2;
const patienceMs = 1_000;

/**
 * Tokens that come while others are being written share the next statement, and with it one
 * transaction and one wait for the disk; nobody is answered before that has ended.
 */
export function createTokenWriter(db: Db): WriteToken {
  const together = createBatch<NewToken, Date | undefined>({
    most,
    trips,
    patienceMs,
    work: async (tokens) => {
      const [first] = tokens;
      if (tokens.length === 1 && first !== undefined) return [await writeOne(db, first)];
      return writeMany(db, tokens);
    },
  });
  return (token) => {
    if (token.idempotency !== undefined) return writeOne(db, token);
    return together(token).catch((error: unknown) => {
      if (error instanceof Refusal) throw error;
      // PostgreSQL refused one of them: that must not be the end of the others.
      return writeOne(db, token);
    });
  };
}

function faceOf(token: NewToken) {
  const { id, organization, mode, brand, last4, bin, exp_month, exp_year } = token;
  const { funding, country } = token;
  return [id, organization, mode, brand, last4, bin, exp_month, exp_year, funding, country];
}

/** Parameters of `find_fingerprints`: places count from 1, and a card may have several rows. */
function knownBy(tokens: readonly NewToken[]) {
  const rows = tokens.flatMap(({ organization, mode, numberMacs }, index) => {
    const fresh = secureBytes(16);
    return numberMacs.map(({ version, mac }) => {
      return [index + 1, organization, mode, version, mac, fresh];
    });
  });
  return columnsOf(rows);
}

const columnsOf = (rows: readonly unknown[][]) =>
  rows[0]?.map((_, column) => rows.map((row) => row[column])) ?? [];

async function writeOne(db: Db, token: NewToken): Promise<Date | undefined> {
  const { key = null, mac = null } = token.idempotency ?? {};
  const { sealed, actor, requestId, life, madeWith } = token;
  const values = [
    ...[...faceOf(token), key, mac, sealed, actor, requestId],
    ...[...knownBy([token]), life.singleUse, life.seconds],
    ...[madeWith.kind, madeWith.session],
  ];
  const [row] = await db.run<{ created_at: Date }>(insertOne, values);
  return row?.created_at;
}

async function writeMany(db: Db, tokens: readonly NewToken[]): Promise<Date[]> {
  const rows = tokens.map((token) => {
    return [...faceOf(token), token.sealed, token.actor, token.requestId];
  });
  const lives = tokens.map(({ life, madeWith: { kind, session } }) => {
    return [life.singleUse, life.seconds, kind, session];
  });
  const values = [...columnsOf(rows), ...knownBy(tokens), ...columnsOf(lives)];
  const made = await db.run<{ created_at: Date }>(insertMany, values);
  return made.map(({ created_at }) => created_at);
}
