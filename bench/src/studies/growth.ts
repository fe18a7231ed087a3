import pg from 'pg';
import { type Cluster, databaseUrl, type RunningCluster } from '../../../tools/harness/cluster.ts';
import { type Installation, startInstallation } from '../../../tools/harness/installation.ts';
import type { Child } from '../child.ts';
import type { Plan } from '../plan.ts';
import type { Load, Slice } from '../roles/load.ts';
import { card } from '../stage.ts';
import { median, percentile } from '../statistics.ts';
import { type Study, startLoad } from './study.ts';

/** How much slower the larger vault may be. */
const flatness = 1.2;
const concurrency = 4;
const kinds = ['tokenize', 'look up'] as const;
const percents = [50, 99] as const;

/**
 * Whether tokenizing and looking tokens up take longer the more cards are stored. Vaults of each
 * size stand beside each other and are measured in turns, so that what else the machine does hits
 * all of them; the figures are medians over the rounds.
 */
export function studyGrowth(sizesOf: (plan: Plan) => readonly number[]) {
  return async (running: RunningCluster, plan: Plan): Promise<Study> => {
    const sizes = sizesOf(plan);
    const vaults: Filled[] = [];
    try {
      for (const size of sizes) vaults.push(await fill(running.cluster, size));
      const times = sizes.map(() => ({ tokenize: [] as number[][], 'look up': [] as number[][] }));
      for (const vault of vaults) await measure(vault, plan.warmUpMs);
      for (let round = 0; round < plan.rounds; round += 1) {
        for (const [at, vault] of vaults.entries()) {
          const slices = await measure(vault, plan.sliceMs);
          for (const kind of kinds) times[at]?.[kind].push(slices[kind]);
        }
      }
      return studyOf(sizes, times);
    } finally {
      for (const { payos, load } of vaults) {
        await load.stop();
        await payos.stop();
      }
    }
  };
}

type Filled = { payos: Installation; load: Child; key: string; ids: string[] };

/** Saved cards whose rows were generated: each has the ciphertext of one that is real. */
const fillCards = `
  WITH new AS (
    SELECT 'tok_' || translate(substring(md5(n::text) FOR 22), '0', 'z') AS id,
      decode(md5('fingerprint' || n), 'hex') AS fingerprint, decode(md5('mac' || n), 'hex') AS mac
    FROM generate_series($2::int, $3::int) AS n
  ), known AS (
    INSERT INTO fingerprints (id, organization_id, mode, version, mac)
    SELECT new.fingerprint, organization_id, mode, 1, new.mac FROM new, tokens t WHERE t.id = $1
    ON CONFLICT DO NOTHING
  ), token AS (
    INSERT INTO tokens (id, organization_id, mode, brand, last4, bin, exp_month, exp_year,
      fingerprint, single_use, created_at)
    SELECT new.id, t.organization_id, t.mode, t.brand, t.last4, t.bin, t.exp_month, t.exp_year,
      new.fingerprint, false, now()
    FROM new, tokens t WHERE t.id = $1 ON CONFLICT DO NOTHING RETURNING id
  )
  INSERT INTO cards (token_id, sealed)
  SELECT token.id, sealed FROM token, cards WHERE token_id = $1`;
const atOnce = 100_000;
/** Looked up again and again, spread over all that are stored. */
const lookedUp = 5_000;

async function fill(cluster: Cluster, size: number): Promise<Filled> {
  const payos = await startInstallation({ cluster, settings: { PAYOS_RATE_LIMIT: '1000000' } });
  const load = await startLoad(payos, `growth-${size}`);
  const organization = await payos.operator.createOrganization('Study');
  const { key } = await payos.operator.mint(organization, { rate_limit: 1_000_000 });
  const body = JSON.parse(card);
  const made = await payos.vault.call('POST', '/v1/tokens', { key, body });
  if (made.status !== 201) throw new Error(`a token: ${made.text}`);
  const client = new pg.Client(databaseUrl(cluster, 'postgres', payos.databases.vault));
  await client.connect();
  // The rows are as they should be: checking each would take most of the time.
  await client.query('SET session_replication_role = replica');
  for (let from = 1; from <= size; from += atOnce) {
    await client.query(fillCards, [made.body.id, from, Math.min(size, from + atOnce - 1)]);
  }
  await client.query('VACUUM ANALYZE tokens');
  await client.query('VACUUM ANALYZE cards');
  await client.query('VACUUM ANALYZE fingerprints');
  await client.query('CHECKPOINT');
  const { rows } = await client.query(
    'SELECT id FROM tokens WHERE NOT single_use ORDER BY fingerprint LIMIT $1',
    [lookedUp],
  );
  await client.end();
  return { payos, load, key, ids: rows.map(({ id }) => id) };
}

/** How long each took, in milliseconds. */
async function measure({ payos, load, key, ids }: Filled, durationMs: number) {
  const shared = { ca: payos.ca, repeat: true, keyed: false, concurrency, durationMs };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const tokenizing: Load = {
    ...{ ...shared, headers, origin: `https://localhost:${payos.ports.vault}`, method: 'POST' },
    ...{ requests: [{ path: '/v1/tokens', body: card }], expect: 201, collect: false },
  };
  const reading: Load = {
    ...{ ...shared, headers: { authorization: headers.authorization }, method: 'GET' },
    origin: `https://localhost:${payos.ports.api}`,
    ...{ requests: ids.map((id) => ({ path: `/v1/tokens/${id}` })), expect: 200, collect: false },
  };
  return { tokenize: await run(load, tokenizing), 'look up': await run(load, reading) };
}

async function run(load: Child, what: Load): Promise<number[]> {
  const slice = await load.ask<Slice>('run', what);
  if (slice.errors > 0) throw new Error(`${what.origin}: ${slice.complaint}`);
  return slice.microseconds.map((microseconds) => microseconds / 1000);
}

type Times = Record<(typeof kinds)[number], number[][]>;

function studyOf(sizes: readonly number[], times: readonly Times[]): Study {
  const study: Study = { name: 'growth of the vault', rows: [], figures: {}, complaints: [] };
  for (const kind of kinds) {
    for (const [at, size] of sizes.entries()) {
      const own = times[at]?.[kind] ?? [];
      const shown = percents.map((percent) => {
        const value = median(own.map((round) => percentile(round, percent)));
        study.figures[`${kind} p${percent} at ${size}`] = value;
        return `p${percent} ${value.toFixed(1)} ms`;
      });
      study.rows.push([`${kind}, ${size.toLocaleString('en')} cards`, shown.join(', ')]);
    }
    for (const percent of percents) {
      const of = (round: number[] | undefined) => percentile(round ?? [], percent);
      const first = times[0]?.[kind] ?? [];
      const ratio = median((times.at(-1)?.[kind] ?? []).map((one, at) => of(one) / of(first[at])));
      study.figures[`${kind} p${percent} ratio`] = ratio;
      study.rows.push([
        `${kind}, p${percent} of the largest beside the smallest`,
        ratio.toFixed(2),
      ]);
      if (ratio > flatness)
        study.complaints.push(`${kind}: p${percent} grows by ${ratio.toFixed(2)}`);
    }
  }
  return study;
}
