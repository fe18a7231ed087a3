import type { TestEvent } from 'node:test/reporters';

/** Node's declaration of a summary leaves out `failed`. */
type Counts = Record<(typeof counted)[number][0], number>;

/** What Node's runner counts, and the word that it prints for each. */
const counted = [
  ['tests', 'tests'],
  ['suites', 'suites'],
  ['passed', 'pass'],
  ['failed', 'fail'],
  ['cancelled', 'cancelled'],
  ['skipped', 'skipped'],
  ['todo', 'todo'],
] as const;
const words = [...counted.map(([, word]) => word), 'duration_ms'];
const printedWords = new RegExp(`^(?:${words.join('|')}) \\d`);

/** Whether an event is of a run as a whole: its counts, which belong to the end of all runs. */
export function isOfRun(event: TestEvent): boolean {
  if (event.type === 'test:summary') return true;
  return event.type === 'test:diagnostic' && isCount(event.data);
}

/**
 * The last events of many runs as those of one.
 *
 * @param events the events of all runs of which `isOfRun` is true
 * @param durationMs how long all of them took
 */
export function sumUp(
  events: readonly TestEvent[],
  durationMs: number,
): { success: boolean; events: TestEvent[] } {
  const counts = Object.fromEntries(counted.map(([name]) => [name, 0])) as Counts;
  let success = true;
  for (const event of events) {
    // Every run tells its files one by one, and then itself, without the name of a file.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    success &&= event.data.success;
    const more: Partial<Counts> = event.data.counts;
    for (const [name] of counted) counts[name] += more[name] ?? 0;
  }
  const lines = counted.map(([name, word]) => `${word} ${counts[name]}`);
  lines.push(`duration_ms ${durationMs}`);
  const said = lines.map(
    (message): TestEvent => ({
      type: 'test:diagnostic',
      data: { nesting: 0, message, level: 'info' },
    }),
  );
  const summary: TestEvent = {
    type: 'test:summary',
    data: {
      counts: { ...counts, topLevel: counts.tests },
      duration_ms: durationMs,
      file: undefined,
      success,
    },
  };
  return { success, events: [...said, summary] };
}

function isCount({ nesting, message }: { nesting: number; message: string }): boolean {
  return nesting === 0 && printedWords.test(message);
}
