import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Card } from '../src/cards/card.ts';
import { openDb } from '../src/core/db.ts';
import { newTokenId } from '../src/core/random.ts';
import { numberMacOf } from '../src/seal/fingerprint.ts';
import { createKekStore } from '../src/seal/kek-store.ts';
import { openKeyring } from '../src/seal/keyring-file.ts';
import { sealRecord } from '../src/seal/record.ts';

/*
 * Run by the benchmark: stores cards of an organization that all differ. Their check digits are
 * wrong, so that nobody has them. Parameters: superuser's URL of the database, keyring file,
 * organization, how many.
 */
const [url = '', keyring = '', organization = '', count = '0'] = process.argv.slice(2);
const owner = { organization, mode: 'test' as const };
const atOnce = 1_000;
const insert = `
  WITH made AS (
    SELECT * FROM unnest($3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
      AS made (token, id, mac, sealed)
  ), known AS (
    INSERT INTO fingerprints (id, organization_id, mode, version, mac)
    SELECT id, $1, $2, $7, mac FROM made
  ), token AS (
    INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
                        fingerprint, single_use, created_at)
    SELECT token, $1, $2, 'visa', '0000', '400000', 12, 2040, id, false, now() FROM made
  )
  INSERT INTO cards (token_id, sealed) SELECT token, sealed FROM made`;

const db = openDb(url, 1, () => {});
const client = new pg.Client(url);
await client.connect();
// The rows are as they should be: checking each would take most of the time.
await client.query('SET session_replication_role = replica');
const keks = createKekStore(
  db,
  openKeyring(readFileSync(keyring, 'utf8')),
  () => performance.now(),
  () => {},
);
const [sealing, keyed] = [
  await keks.current(owner, 'card'),
  await keks.current(owner, 'fingerprint'),
];
for (let from = 0; from < Number(count); from += atOnce) {
  const made = Array.from({ length: Math.min(atOnce, Number(count) - from) }, (_, at) => {
    const digits = Buffer.from(`400000${String(from + at).padStart(8, '0')}00`);
    const card = new Card(digits, 12, 2040, undefined);
    const place = { ...owner, token: newTokenId(), recordType: 'card' as const };
    const sealed = sealRecord(sealing, place, card.toBytes());
    return [place.token, randomBytes(16), numberMacOf(keyed, owner, card), sealed] as const;
  });
  const columns = ([0, 1, 2, 3] as const).map((column) => made.map((row) => row[column]));
  await client.query(insert, [organization, owner.mode, ...columns, keyed.version]);
}
for (const table of ['tokens', 'cards', 'fingerprints']) {
  await client.query(`VACUUM ANALYZE ${table}`);
}
await Promise.all([client.end(), db.close()]);
