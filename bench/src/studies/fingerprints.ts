import { execFile } from 'node:child_process';
import { createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Cluster, databaseUrl } from '../../../tools/harness/cluster.ts';
import type { Installation } from '../../../tools/harness/installation.ts';

const filler = join(import.meta.dirname, '../../../vault/test/fill-cards.ts');

/** Stores so many cards that all differ. Nobody imports the vault: it does that by itself. */
export async function fillWithCards(
  cluster: Cluster,
  payos: Installation,
  organization: string,
  count: number,
): Promise<void> {
  const url = databaseUrl(cluster, 'postgres', payos.databases.vault);
  const keyring = join(payos.directory, 'keyring.json');
  const parameters = [filler, url, keyring, organization, String(count)];
  await promisify(execFile)(process.execPath, parameters);
}

const key = createSecretKey(randomBytes(32));

/**
 * What making the MACs anew cannot do without: each row and its card read, the card opened, two
 * MACs, and the row written, in as many statements. Answers rows per second.
 */
export async function makeMacsBarely(cluster: Cluster, payos: Installation): Promise<number> {
  const client = new pg.Client(databaseUrl(cluster, 'postgres', payos.databases.vault));
  await client.connect();
  await client.query('CREATE TABLE bare (LIKE fingerprints INCLUDING ALL)');
  await client.query('INSERT INTO bare SELECT * FROM fingerprints');
  const { rows } = await client.query("SELECT pg_relation_size('bare') / 8192 AS blocks");
  const began = performance.now();
  let made = 0;
  for (let at = 0; at < Number(rows[0].blocks); at += 4) {
    const found = await client.query({
      name: 'bare-read-macs',
      text: `SELECT bare.id, one.sealed FROM bare, LATERAL (
               SELECT sealed FROM tokens JOIN cards ON token_id = tokens.id
               WHERE fingerprint = bare.id LIMIT 1) AS one
             WHERE bare.ctid >= $1::tid AND bare.ctid < $2::tid`,
      values: [`(${at},0)`, `(${at + 4},0)`],
    });
    await client.query({
      name: 'bare-write-macs',
      text: `UPDATE bare SET version = version + 1, mac = new.mac
             FROM unnest($1::bytea[], $2::bytea[]) AS new (id, mac) WHERE bare.id = new.id`,
      values: [found.rows.map(({ id }) => id), found.rows.map(({ sealed }) => macsOf(sealed))],
    });
    made += found.rows.length;
  }
  const rate = (made / (performance.now() - began)) * 1000;
  await client.query('DROP TABLE bare');
  await client.end();
  return rate;
}

/** Two decryptions, one of the data key and one of the card, and two MACs. */
function macsOf(sealed: Buffer): Buffer {
  for (const length of [32, sealed.length - 130]) {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(26, 38));
    decipher.update(sealed.subarray(38, 38 + length));
  }
  const macs = [0, 1].map(() => createHmac('sha256', key).update(sealed.subarray(26)).digest());
  return Buffer.concat(macs).subarray(16, 32);
}
