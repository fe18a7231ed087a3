import type { Plan } from './plan.ts';
import { cpuMs, treeCpuMs } from './processes.ts';
import type { Slice } from './roles/load.ts';
import { median, percentile } from './statistics.ts';

/** Processes by what the report calls them. `tree`: with their children. */
export type Watched = Record<string, { pid: number; tree?: boolean }>;

/** One side of a comparison: does its work for so long. */
export type Side = {
  work: (durationMs: number) => Promise<Slice>;
  watch: Watched;
  /** Done before each slice, outside of what is measured. */
  prepare?: () => Promise<void>;
};

/** What a side reached. */
export type Measured = {
  /** Median of the rounds. */
  perSecond: number;
  /** Of each round. */
  rounds: number[];
  /** Milliseconds, over all rounds. */
  p50: number;
  p99: number;
  /** All that was done, warm-up included. */
  done: number;
  errors: number;
  complaint: string | undefined;
  /** Milliseconds of CPU time for one, by process. */
  cpuMsEach: Record<string, number>;
};

/**
 * Measures all sides in turns: in each round every side once. What else the machine does then hits
 * all of them, and the ratio of two sides of one round means something.
 *
 * @param stage `analyze` is called when all are warm
 */
export async function compare<S extends string>(
  { plan, analyze }: { plan: Plan; analyze: () => Promise<void> },
  sides: Record<S, Side>,
): Promise<Record<S, Measured>> {
  const all = Object.entries(sides) as [S, Side][];
  const slices = new Map<S, Slice[]>(all.map(([name]) => [name, []]));
  const cpu = new Map<S, Record<string, number>>(all.map(([name]) => [name, {}]));
  const warm = new Map<S, Slice>();
  for (const [name, side] of all) {
    await side.prepare?.();
    warm.set(name, await side.work(plan.warmUpMs));
  }
  await analyze();
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [name, side] of all) {
      await side.prepare?.();
      const before = cpuOf(side.watch);
      slices.get(name)?.push(await side.work(plan.sliceMs));
      const used = cpu.get(name) ?? {};
      for (const [process, ms] of Object.entries(cpuOf(side.watch))) {
        used[process] = (used[process] ?? 0) + ms - (before[process] ?? 0);
      }
    }
  }
  return Object.fromEntries(
    all.map(([name]) => [name, summarize(warm.get(name), slices.get(name) ?? [], cpu.get(name))]),
  ) as Record<S, Measured>;
}

function summarize(
  warm: Slice | undefined,
  slices: readonly Slice[],
  cpu: Record<string, number> = {},
): Measured {
  const every = warm === undefined ? slices : [warm, ...slices];
  const total = (pick: (slice: Slice) => number, of = every) =>
    of.reduce((sum, slice) => sum + pick(slice), 0);
  const rounds = slices.map(({ done, seconds }) => done / seconds);
  const took = slices.flatMap(({ microseconds }) => microseconds);
  const counted = total(({ done }) => done, [...slices]);
  return {
    perSecond: median(rounds),
    rounds,
    p50: percentile(took, 50) / 1000,
    p99: percentile(took, 99) / 1000,
    done: total(({ done }) => done),
    errors: total(({ errors }) => errors),
    complaint: every.find(({ complaint }) => complaint !== undefined)?.complaint,
    cpuMsEach: Object.fromEntries(
      Object.entries(cpu).map(([process, ms]) => [process, ms / counted]),
    ),
  };
}

/** The median of the rounds' own ratios. */
export function ratioOf(ours: Measured, limit: Measured): number {
  return median(ours.rounds.map((rate, round) => rate / (limit.rounds[round] ?? Number.NaN)));
}

function cpuOf(watched: Watched): Record<string, number> {
  const entries = Object.entries(watched).map(([name, { pid, tree }]) => {
    return [name, tree === true ? treeCpuMs(pid) : cpuMs(pid)] as const;
  });
  return Object.fromEntries(entries.filter(([, ms]) => ms !== undefined)) as Record<string, number>;
}
