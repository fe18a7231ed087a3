import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { base62FromBytes, formatApiKey } from 'payos-contract';
import type { RunningCluster } from '../../../tools/harness/cluster.ts';
import { startInstallation } from '../../../tools/harness/installation.ts';
import type { Plan } from '../plan.ts';
import { median } from '../statistics.ts';
import type { Study } from './study.ts';

/** Of |z|, beyond which two samples of the same would differ once in ten thousand times. */
const zMax = 3.9;
/** Look-ups that follow each other at once wait for each other; here each is by itself. */
const restMs = 7;

/**
 * Whether the time of a refusal tells what kind of key it was: nobody's, a known id with a wrong
 * secret, or a genuine one that was revoked. They are asked in turns, one at a time, and compared
 * by the Mann-Whitney test; two halves of one kind show what chance does.
 */
export async function studySideChannel(running: RunningCluster, plan: Plan): Promise<Study> {
  const payos = await startInstallation({ cluster: running.cluster });
  const study: Study = { name: 'time of refusals', rows: [], figures: {}, complaints: [] };
  try {
    const organization = await payos.operator.createOrganization('Study');
    const known = await payos.operator.mint(organization);
    const revoked = await payos.operator.mint(organization);
    await payos.operator.revoke(revoked.id);
    const keys = {
      'an unknown key': () => random(() => base62FromBytes(randomBytes(64), 12)),
      'a known id, a wrong secret': () => random(() => known.key.slice(14, 26)),
      'a revoked key': () => revoked.key,
      'an unknown key again': () => random(() => base62FromBytes(randomBytes(64), 12)),
    };
    const times = new Map(Object.keys(keys).map((kind) => [kind, [] as number[]]));
    const rounds = plan.sideChannelRounds;
    for (let round = -rounds / 10; round < rounds; round += 1) {
      for (const [kind, make] of shuffled(Object.entries(keys))) {
        const key = make();
        await sleep(restMs);
        const began = performance.now();
        const { status } = await payos.api.get('/v1/customers?limit=1', key);
        const took = performance.now() - began;
        if (status !== 401) study.complaints.push(`${kind} was answered with ${status}`);
        if (round >= 0) times.get(kind)?.push(took);
      }
    }
    const [base = [], ...others] = [...times.values()];
    const names = [...times.keys()].slice(1);
    study.rows.push(['an unknown key', `median ${median(base).toFixed(3)} ms of ${base.length}`]);
    for (const [at, sample] of others.entries()) {
      const z = mannWhitney(base, sample);
      const name = names[at] ?? '';
      study.rows.push([name, `median ${median(sample).toFixed(3)} ms, z = ${z.toFixed(2)}`]);
      study.figures[name] = z;
      if (Math.abs(z) > zMax) study.complaints.push(`${name} can be told from an unknown key`);
    }
    return study;
  } finally {
    await payos.stop();
  }
}

function random(id: () => string): string {
  return formatApiKey('secret', 'test', id(), base62FromBytes(randomBytes(128), 32));
}

/** The statistic U as a standard normal variable (H. B. Mann, D. R. Whitney, 1947). */
function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [
    ...a.map((value) => ({ value, own: true })),
    ...b.map((value) => ({ value, own: false })),
  ];
  all.sort((one, other) => one.value - other.value);
  const rank = all.reduce((sum, { own }, at) => (own ? sum + at + 1 : sum), 0);
  const [n, m] = [a.length, b.length];
  const u = rank - (n * (n + 1)) / 2;
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
