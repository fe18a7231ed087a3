import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './program.ts';

export type TestRun = {
  /** Exit code of the test runner; not 0 when a test failed. */
  ended: Promise<number>;
  /** Ends the runner, its test files, and whatever they have started. */
  stop(): Promise<void>;
};

/** Longest time for one test that does not set its own `timeout`. */
const testTimeoutMs = 60_000;
/** Each file brings up to four processes of its own, which mostly wait for each other. */
const concurrency = 3;

/**
 * Runs test files with Node's test runner, which prints to our stdout. It leads a process group of
 * its own, so that nothing a test leaves behind outlives the run.
 */
export function runTests(files: readonly string[], env: Record<string, string>): TestRun {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--test',
      '--test-reporter=spec',
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${testTimeoutMs}`,
      ...files,
    ],
    { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  const ended = endOf(child);
  const stop = async () => {
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
    signalGroup(child, 'SIGKILL');
  };
  return { ended, stop };
}

async function endOf(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
