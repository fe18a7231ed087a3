import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Cluster, databaseUrl, type RunningCluster } from '../../../tools/harness/cluster.ts';
import { type Installation, startInstallation } from '../../../tools/harness/installation.ts';
import { OperatorClient } from '../../../tools/harness/operator-client.ts';
import type { Plan } from '../plan.ts';
import type { Load, Slice } from '../roles/load.ts';
import { card } from '../stage.ts';
import { median } from '../statistics.ts';
import { fillWithCards, makeMacsBarely } from './fingerprints.ts';
import { type Study, spreadOf, startLoad } from './study.ts';

const by = 'bench';

/**
 * Rows per second that rotations of the keys of cards and of fingerprints move, beside reading and
 * writing the same bytes over one connection with the cryptography that cannot be left out; and
 * what tokenizations feel of it.
 */
export async function studyRotation(running: RunningCluster, plan: Plan): Promise<Study> {
  const folder = mkdtempSync(join(tmpdir(), 'payos-bench-'));
  const socket = join(folder, 'vault.sock');
  const payos = await startInstallation({
    cluster: running.cluster,
    settings: { PAYOS_RATE_LIMIT: '1000000', PAYOS_VAULT_OPERATOR_SOCKET: socket },
  });
  const load = await startLoad(payos, 'rotation');
  try {
    const organization = await payos.operator.createOrganization('Study');
    const { key } = await payos.operator.mint(organization, { rate_limit: 1_000_000 });
    const tokens = (more: Partial<Load>) => load.ask<Slice>('run', tokenLoad(payos, key, more));
    const made = await tokens({ requests: Array(plan.cardsToRotate).fill(request), repeat: false });
    if (made.errors > 0) throw new Error(`tokens: ${made.complaint}`);
    const operator = new OperatorClient(socket);
    const cards = await inTurns(plan, operator, 'card', () => moveBarely(running.cluster, payos));
    const calm = { concurrency: 4, pauseMs: 10, durationMs: plan.sliceMs };
    const quiet = await tokens(calm);
    const [busy] = await Promise.all([tokens(calm), rotate(operator, 'card')]);
    await fillWithCards(running.cluster, payos, organization, plan.cardsToRotate);
    const fingerprints = await inTurns(plan, operator, 'fingerprint', () =>
      makeMacsBarely(running.cluster, payos),
    );
    return studyOf(plan, { cards, fingerprints }, quiet, busy);
  } finally {
    await load.stop();
    await payos.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Rates = { ours: number; limit: number };

/** Medians of rows per second. */
async function inTurns(
  plan: Plan,
  operator: OperatorClient,
  purpose: 'card' | 'fingerprint',
  barely: () => Promise<number>,
): Promise<Rates> {
  const [ours, limit]: [number[], number[]] = [[], []];
  for (let round = 0; round < plan.rounds; round += 1) {
    limit.push(await barely());
    ours.push(await rotate(operator, purpose));
  }
  return { ours: median(ours), limit: median(limit) };
}

const request = { path: '/v1/tokens', body: card };

function tokenLoad(payos: Installation, key: string, more: Partial<Load>): Load {
  return {
    origin: `https://localhost:${payos.ports.vault}`,
    ca: payos.ca,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    requests: [request],
    ...{ repeat: true, keyed: false, concurrency: 16, durationMs: 600_000, expect: 201 },
    collect: false,
    ...more,
  };
}

/** @returns rows per second */
async function rotate(operator: OperatorClient, purpose: string): Promise<number> {
  const which = { purpose };
  const began = performance.now();
  await operator.call('POST', '/keys/rotate', { ...which, by, dry_run: false });
  let [from, moved]: [number | null, number] = [0, 0];
  while (from !== null) {
    const step = await operator.call('POST', '/keys/move', { ...which, from, skip_broken: false });
    moved += Number(step['moved']);
    from = step['next'] as number | null;
  }
  const { left } = await operator.call('POST', '/keys/finish', { ...which, by });
  if ((left as unknown[]).length > 0) throw new Error('the rotation did not come to its end');
  return (moved / (performance.now() - began)) * 1000;
}

/** The same rows, read and written in as many statements; opened, wrapped anew, opened again. */
async function moveBarely(cluster: Cluster, payos: Installation): Promise<number> {
  const client = new pg.Client(databaseUrl(cluster, 'postgres', payos.databases.vault));
  await client.connect();
  await client.query('CREATE TABLE bare (LIKE cards INCLUDING ALL)');
  await client.query('INSERT INTO bare SELECT * FROM cards');
  const { rows } = await client.query("SELECT pg_relation_size('bare') / 8192 AS blocks");
  const began = performance.now();
  let moved = 0;
  for (let at = 0; at < Number(rows[0].blocks); at += 16) {
    const cards = await client.query({
      name: 'bare-read',
      text: 'SELECT * FROM bare WHERE ctid >= $1::tid AND ctid < $2::tid',
      values: [`(${at},0)`, `(${at + 16},0)`],
    });
    const ids = cards.rows.map(({ token_id: id }) => id);
    const after = cards.rows.map(({ sealed }) => rewrap(sealed));
    await client.query({
      name: 'bare-write',
      text: `UPDATE bare SET sealed = after FROM unnest($1::text[], $2::bytea[]) AS new (id, after)
             WHERE token_id = id`,
      values: [ids, after],
    });
    moved += cards.rows.length;
  }
  const rate = (moved / (performance.now() - began)) * 1000;
  await client.query('DROP TABLE bare');
  await client.end();
  return rate;
}

const kek = createSecretKey(randomBytes(32));

/** Three encryptions: the data key comes out of its wrap, goes into another, and the data opens. */
function rewrap(sealed: Buffer): Buffer {
  const iv = randomBytes(12);
  for (const length of [32, sealed.length - 130]) {
    const decipher = createDecipheriv('aes-256-gcm', kek, sealed.subarray(26, 38));
    decipher.update(sealed.subarray(38, 38 + length));
  }
  const cipher = createCipheriv('aes-256-gcm', kek, iv);
  const wrapped = [cipher.update(sealed.subarray(38, 70)), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([sealed.subarray(0, 26), iv, ...wrapped, sealed.subarray(86)]);
}

function studyOf(
  plan: Plan,
  { cards, fingerprints }: { cards: Rates; fingerprints: Rates },
  quiet: Slice,
  busy: Slice,
): Study {
  const shown = ({ ours, limit }: Rates) =>
    `${ours.toFixed(0)} rows/s, ${((100 * ours) / limit).toFixed(0)} % of the limit`;
  const milliseconds = ({ microseconds }: Slice) => microseconds.map((each) => each / 1000);
  const failed = quiet.errors + busy.errors;
  return {
    name: `rotation of the keys of ${plan.cardsToRotate} cards`,
    rows: [
      ['cards', shown(cards)],
      ['  bare SQL and AES-GCM', `${cards.limit.toFixed(0)} rows/s`],
      ['fingerprints', shown(fingerprints)],
      ['  bare SQL, AES-GCM and HMAC', `${fingerprints.limit.toFixed(0)} rows/s`],
      ['tokenizations without', spreadOf(milliseconds(quiet))],
      ['tokenizations beside it', spreadOf(milliseconds(busy))],
    ],
    figures: {
      ...{ rate: cards.ours, limit: cards.limit },
      ...{ 'fingerprints rate': fingerprints.ours, 'fingerprints limit': fingerprints.limit },
    },
    complaints: failed === 0 ? [] : [`${failed} tokenizations failed: ${busy.complaint}`],
  };
}
