import { randomBytes } from 'node:crypto';
import { base62FromBytes, formatApiKey } from 'payos-contract';
import type { RunningCluster } from '../../../tools/harness/cluster.ts';
import { type Installation, startInstallation } from '../../../tools/harness/installation.ts';
import type { Child } from '../child.ts';
import type { Plan } from '../plan.ts';
import { childrenOf, cpuMs, keepApart, postmasterOf, residentMiB } from '../processes.ts';
import type { LoadRequest, Slice } from '../roles/load.ts';
import { median, percentile } from '../statistics.ts';
import { readingLoad, type Study, startLoad } from './study.ts';

/** Keys that are well-formed, with a checksum that fits, and nobody's. */
const strangers = 20_000;
/** Lanes of the flood, each of which rests so long after an answer. */
const flood = { concurrency: 40, pauseMs: 25 };
const slowedAtMost = 0.2;

/**
 * Genuine reads alone, and beside a flood of well-formed keys that nobody has: once each of them is
 * looked up, and once under the limit per address, as installations have it.
 */
export async function studyKeyFlood(running: RunningCluster, plan: Plan): Promise<Study> {
  const study: Study = { name: 'flood of unknown keys', rows: [], figures: {}, complaints: [] };
  const cases = { 'all looked up': '1000000', 'limited per address': '50' };
  for (const [name, limit] of Object.entries(cases)) {
    const payos = await startInstallation({
      cluster: running.cluster,
      settings: { PAYOS_RATE_LIMIT: '1000000', PAYOS_RATE_LIMIT_ADDRESS: limit },
    });
    try {
      report(name, await measure(payos, plan), study);
    } finally {
      await payos.stop();
    }
  }
  return study;
}

type Measured = {
  alone: Slice[];
  beside: { read: Slice; flooded: Slice }[];
  /** Milliseconds of the server's CPU time for each. */
  cost: { read: number; unknown: number };
  /** MiB of the server. */
  memory: { before: number; after: number };
  /** Keys in its memory. */
  remembered: string;
  /** Whether the server had a processor of its own. */
  apart: boolean;
};

function processesOf({ cluster, processes }: Installation): number[] {
  const postmaster = postmasterOf(cluster.directory);
  const own = [processes.vault, processes.worker, processes.simulator].map(({ pid }) => pid);
  return [...own, postmaster, ...childrenOf(postmaster)];
}

async function measure(payos: Installation, plan: Plan): Promise<Measured> {
  const organization = await payos.operator.createOrganization('Study');
  const { key } = await payos.operator.mint(organization, { rate_limit: 1_000_000 });
  const [genuine, stranger] = await Promise.all([
    startLoad(payos, 'genuine', 'wire'),
    startLoad(payos, 'stranger', 'wire'),
  ]);
  const read = (durationMs: number) =>
    genuine.ask<Slice>(
      'run',
      readingLoad(payos, payos.ports.api, key, { durationMs, concurrency: 16 }),
    );
  const unknown = Array.from({ length: strangers }, unknownKey);
  const pid = payos.processes.server.pid;
  // Whoever floods is elsewhere; on this machine at least not on the server's processor.
  const others = [genuine.pid, stranger.pid, ...processesOf(payos)];
  const apart = keepApart([
    { pid, processor: 0 },
    ...others.map((other) => ({ pid: other, processor: 1 })),
  ]);
  await read(plan.warmUpMs);
  await together(read, stranger, payos, unknown, plan.warmUpMs);
  const before = residentMiB(pid) ?? Number.NaN;
  const measured = { alone: [] as Slice[], beside: [] as Measured['beside'] };
  for (let round = 0; round < plan.rounds; round += 1) {
    measured.alone.push(await read(plan.sliceMs));
    measured.beside.push(await together(read, stranger, payos, unknown, plan.sliceMs));
  }
  const memory = { before, after: residentMiB(pid) ?? Number.NaN };
  const shown = (await payos.api.get('/metrics')).text;
  const remembered = /^payos_keys_remembered (\d+)$/m.exec(shown)?.[1] ?? 'unknown';
  const cost = {
    read: await cpuOfEach(pid, () => read(plan.sliceMs)),
    unknown: await cpuOfEach(pid, () => floodWith(stranger, payos, unknown, plan.sliceMs)),
  };
  await Promise.all([genuine.stop(), stranger.stop()]);
  return { ...measured, cost, memory, remembered, apart };
}

const rateOf = ({ done, seconds }: Slice) => done / seconds;
const p99Of = (slices: Slice[]) =>
  (
    percentile(
      slices.flatMap(({ microseconds }) => microseconds),
      99,
    ) / 1000
  ).toFixed(1);

function report(name: string, measured: Measured, study: Study): void {
  const { alone, beside, cost, memory, remembered, apart } = measured;
  const reads = beside.map(({ read }) => read);
  const ratio = median(reads.map((read, at) => rateOf(read) / rateOf(alone[at] as Slice)));
  const flooded = beside.map(({ flooded: { done, errors, seconds } }) => (done + errors) / seconds);
  const floodRate = median(flooded);
  const share = (floodRate * cost.unknown) / 1000;
  const [first, then] = [alone, reads].map(
    (slices) => `${median(slices.map(rateOf)).toFixed(0)}/s, p99 ${p99Of(slices)} ms`,
  );
  const slower = `slower by ${((1 - ratio) * 100).toFixed(0)} %`;
  study.rows.push(
    [`${name}: reads alone`, `${first}`],
    [`${name}: beside ${floodRate.toFixed(0)} unknown keys/s`, `${then}: ${slower}`],
    [
      `${name}: CPU of the server for each`,
      `${cost.read.toFixed(2)} ms for a read, ${cost.unknown.toFixed(2)} ms for an unknown key`,
    ],
    [`${name}: the flood's share of the server's thread`, `${(share * 100).toFixed(0)} %`],
    [`${name}: keys in memory afterwards`, remembered],
    [
      `${name}: memory of the server`,
      `${memory.before.toFixed(0)} MiB, ${memory.after.toFixed(0)} MiB after`,
    ],
  );
  Object.assign(study.figures, { [`${name}: ratio`]: ratio, [`${name}: share`]: share });
  // Where whoever floods shares the processor, reads are slowed down by that, too.
  if (apart && 1 - ratio > slowedAtMost) study.complaints.push(`${name}: reads are ${slower}`);
  if (share > slowedAtMost) study.complaints.push(`${name}: the flood takes ${share}`);
  if (remembered !== '1') study.complaints.push(`${name}: ${remembered} keys are in memory`);
  const failed = [...alone, ...reads].find(({ errors }) => errors > 0);
  if (failed !== undefined) study.complaints.push(`${name}: ${failed.complaint}`);
}

async function together(
  read: (durationMs: number) => Promise<Slice>,
  stranger: Child,
  payos: Installation,
  requests: LoadRequest[],
  durationMs: number,
) {
  const [own, flooded] = await Promise.all([
    read(durationMs),
    floodWith(stranger, payos, requests, durationMs),
  ]);
  return { read: own, flooded };
}

function floodWith(
  stranger: Child,
  payos: Installation,
  requests: LoadRequest[],
  durationMs: number,
): Promise<Slice> {
  const load = readingLoad(payos, payos.ports.api, '', { ...flood, durationMs, expect: 401 });
  return stranger.ask<Slice>('run', { ...load, requests });
}

/** Milliseconds of CPU time that a process needs for each request. */
async function cpuOfEach(pid: number, work: () => Promise<Slice>): Promise<number> {
  const before = cpuMs(pid) ?? Number.NaN;
  const { done, errors } = await work();
  return ((cpuMs(pid) ?? Number.NaN) - before) / (done + errors);
}

function unknownKey(): LoadRequest {
  const [id, secret] = [randomBytes(64), randomBytes(128)];
  const key = formatApiKey('secret', 'test', base62FromBytes(id, 12), base62FromBytes(secret, 32));
  const headers = { authorization: `Bearer ${key}` };
  return { path: '/v1/customers?limit=1', headers };
}
