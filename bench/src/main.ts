import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from '../../tools/harness/cluster.ts';
import { fullPlan, quickPlan } from './plan.ts';
import { type BenchName, benchNames, complaintsOf, runBench } from './run-bench.ts';
import { runStudies, type StudyName, studyNames } from './run-studies.ts';
import { tableOf } from './table.ts';

/**
 * `npm run bench`: measures PayOS beside its limits, prints a table, and keeps the figures.
 *
 *   --quick            shorter and less exact
 *   --only <name>      one of payments, tokens, reads, webhooks; or a study of keys, which is
 *                      only made when it is asked for: revocation, keyflood, sidechannel,
 *                      rotation, growth, growth-10m; may be repeated
 *   --profile <folder> leaves a CPU profile of each process there (and slows them down)
 *
 * Ends with 1 when a request failed or something answered was not found in the database, or when a
 * key was accepted that should not have been.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [...benchNames] },
    profile: { type: 'string' },
  },
});
const only = values.only.filter((name): name is BenchName =>
  (benchNames as string[]).includes(name),
);
const studies = values.only.filter((name): name is StudyName =>
  (studyNames as string[]).includes(name),
);
if (only.length + studies.length < values.only.length) {
  console.error(`--only takes ${[...benchNames, ...studyNames].join(', ')}`);
  process.exit(2);
}
const plan = values.quick ? quickPlan : fullPlan;
const { profile } = values;
const extra =
  profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(profile)}` };

// Settings of whoever runs this must not change what is measured.
for (const name of Object.keys(process.env)) {
  if (/^(PAYOS_|PG[A-Z]+$|(VAULT_)?DATABASE_URL$|NODE_OPTIONS$)/.test(name)) {
    delete process.env[name];
  }
}
console.log('PayOS benchmark: starting PostgreSQL and all processes …');
const running = await startCluster({ durable: true });
const { cluster, stop } = running;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void stop().then(() => process.exit(1)));
}
try {
  if (studies.length > 0) await study();
  if (only.length > 0) await bench();
} finally {
  await stop();
}

async function study(): Promise<void> {
  const complaints = await runStudies(running, plan, studies);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
}

async function bench(): Promise<void> {
  const report = await runBench(cluster, plan, only, extra);
  console.log(`\n${tableOf(report)}\n`);
  const complaints = complaintsOf(report);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
  keep({
    at: new Date().toISOString(),
    machine: {
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
    },
    plan,
    ...report,
  });
}

function keep(figures: object): void {
  const folder = join(import.meta.dirname, '../results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log('The figures are in bench/results/latest.json.');
}
