import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './program.ts';

type TestRun = {
  /** Exit code of the test runner; not 0 when a test failed. */
  ended: Promise<number>;
  /** Ends the runner, its test files, and whatever they have started. */
  stop(): Promise<void>;
};

/**
 * Runs test files in this order with Node's test runner, which prints to our stdout. It leads a
 * process group of its own, so that nothing a test leaves behind outlives the run.
 */
export function runTests(files: readonly string[], env: Record<string, string>): TestRun {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'run-files.ts'), ...files],
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
