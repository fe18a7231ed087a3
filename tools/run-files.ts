import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { run } from 'node:test';
import { spec, type TestEvent } from 'node:test/reporters';
import { setTimeout as wait } from 'node:timers/promises';
import { libraryFlags } from './harness/quick-start.ts';
import { spareCores } from './spare-cores.ts';
import { isOfRun, sumUp } from './sum-up.ts';

/** Longest time for one test that does not set its own `timeout`. */
const testTimeoutMs = 180_000;
/** Longest time for a file: one that was cut off may leave something open that keeps it alive. */
const fileTimeoutMs = 300_000;
/** So many at a time whatever else the processors do: files wait for processes of their own. */
const leastFiles = 3;
/** More than this have no room: databases, ports and memory. */
const mostFiles = 12;
/** A further file begins when this part of a core was idle for the last while. */
const spareToBegin = 0.2;
const lookEveryMs = 400;

/**
 * The process of a test run: `node tools/run-files.ts <files…>`. Begins the files in the order
 * given, as many at a time as keep the processors busy, and prints each when it has ended. Node's
 * own runner has a fixed number at a time: files that wait leave it idle, browsers overload it.
 */
const quiet = '--disable-warning=ExperimentalWarning';
const waiting = process.argv.slice(2);
const printed = new PassThrough({ objectMode: true });
const shown = printed.compose(new spec());
shown.pipe(process.stdout);
const startedMs = performance.now();
const ended: TestEvent[] = [];
const running = new Set<Promise<void>>();
// Every run listens for the end of the process.
process.setMaxListeners(10 * mostFiles);

const spare = spareCores();
while (waiting.length > 0) {
  const idle = spare();
  const room = running.size < leastFiles || (running.size < mostFiles && idle > spareToBegin);
  if (room) begin(waiting.shift() as string);
  if (running.size < leastFiles && waiting.length > 0) continue;
  await Promise.race([wait(lookEveryMs), ...running]);
}
await Promise.all(running);
const summary = sumUp(ended, performance.now() - startedMs);
for (const event of summary.events) printed.write(event);
printed.end();
await once(shown, 'end');
if (!summary.success) process.exitCode = 1;

function begin(file: string): void {
  const work = runFile(file).finally(() => running.delete(work));
  running.add(work);
}

async function runFile(file: string): Promise<void> {
  const events: TestEvent[] = [];
  const results = run({
    files: [file],
    // Its option `timeout` would be about tests.
    signal: AbortSignal.timeout(fileTimeoutMs),
    execArgv: [quiet, ...libraryFlags, `--test-timeout=${testTimeoutMs}`],
  });
  for await (const event of results) events.push(event as TestEvent);
  // In one go: the reporter cannot tell the lines of files apart.
  for (const event of events) {
    if (isOfRun(event)) ended.push(event);
    else printed.write(event);
  }
}
