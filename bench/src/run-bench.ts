import type { Cluster } from '../../tools/harness/cluster.ts';
import { type Account, accountFor } from './accounts.ts';
import { benchPayments } from './benches/payments.ts';
import { benchReads } from './benches/reads.ts';
import { benchTokens } from './benches/tokens.ts';
import { benchWebhooks } from './benches/webhooks.ts';
import type { Comparison } from './comparison.ts';
import type { Plan } from './plan.ts';
import { residentMiB, treeMiB } from './processes.ts';
import { type Extra, openStage, type Stage } from './stage.ts';

export type Report = {
  comparisons: Comparison[];
  accounts: Account[];
  /** MiB by process at the end; empty where the system does not tell. */
  memory: Record<string, number>;
};

const benches = {
  payments: benchPayments,
  tokens: benchTokens,
  reads: benchReads,
  webhooks: benchWebhooks,
};
export type BenchName = keyof typeof benches;
export const benchNames = Object.keys(benches) as BenchName[];

/** Runs benchmarks one after the other on an installation of their own. */
export async function runBench(
  cluster: Cluster,
  plan: Plan,
  names: readonly BenchName[] = benchNames,
  extra: Extra = {},
): Promise<Report> {
  const stage = await openStage(cluster, plan, extra);
  try {
    const comparisons: Comparison[] = [];
    for (const name of names) comparisons.push(await benches[name](stage));
    const replayed = comparisons.reduce((sum, each) => sum + (each.replayed ?? 0), 0);
    return { comparisons, accounts: await accountFor(stage, replayed), memory: memoryOf(stage) };
  } finally {
    await stage.stop();
  }
}

/** What went wrong, one line each; nothing when the figures can be believed. */
export function complaintsOf({ comparisons, accounts }: Report): string[] {
  const failed = comparisons.flatMap(({ name, ours, limits }) =>
    [{ name, measured: ours }, ...limits]
      .filter(({ measured }) => measured.errors > 0)
      .map(({ name: side, measured }) => `${side}: ${measured.errors}: ${measured.complaint}`),
  );
  const wrong = accounts.filter(({ expected, found }) => expected !== found);
  return [
    ...failed,
    ...wrong.map(({ what, expected, found }) => `${what}: ${expected} expected, ${found} found`),
  ];
}

function memoryOf(stage: Stage): Record<string, number> {
  const entries = Object.entries(stage.watch).map(([name, { pid, tree }]) => {
    return [name, tree === true ? treeMiB(pid) : residentMiB(pid)] as const;
  });
  return Object.fromEntries(entries.filter(([, size]) => size !== undefined)) as Record<
    string,
    number
  >;
}
