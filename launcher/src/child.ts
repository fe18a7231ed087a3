import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { uptime } from './clock.ts';
import { withoutCoreDumps } from './hardened.ts';
import { messageOf, Refusal } from './refusal.ts';
import { complain, say } from './screen.ts';

type ChildSpec = {
  name: string;
  /** The TypeScript file to run. */
  file: string;
  flags: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  logFile: string;
};

export type Child = {
  /**
   * Resolves when it says that it is ready; rejects with a Refusal when it ends before. What it has
   * to say besides (`note`) is shown, each time that it starts.
   */
  ready: Promise<void>;
  /** Asks it to stop, waits up to 10 s, then ends it. It is not started again. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

/** `serves`: it had nothing to say that keeps it from its work. */
type Readiness = 'serves' | 'waits' | 'ended';
type Running = { process: ChildProcess; ready: Promise<Readiness>; ended: Promise<void> };

const graceMs = 10_000;
const shortestPause = 200;
const longestPause = 5_000;
/** A process that served this long has recovered: the next crash is a first one again. */
const settledMs = 60_000;

/**
 * Runs a process of ours. Once it has been ready it is started again whenever it crashes, after a
 * pause that grows from 0.2 s to 5 s.
 */
export function runChild(spec: ChildSpec): Child {
  const offset = sizeOf(spec.logFile);
  let running = launch(spec);
  let stopping = false;
  const kill = () => {
    stopping = true;
    running.process.kill('SIGKILL');
  };
  const stop = () => {
    stopping = true;
    return end(spec.name, running);
  };
  const keepRunning = async () => {
    for (let pause = shortestPause; ; pause = Math.min(pause * 2, longestPause)) {
      const began = uptime();
      await running.ended;
      if (stopping) return;
      if (uptime() - began > settledMs) pause = shortestPause;
      complain(`${spec.name} ${howItEnded(running.process)}, starting it again.`);
      await sleep(pause);
      if (stopping) return;
      try {
        running = launch(spec);
      } catch (error) {
        complain(`${spec.name} cannot be started: ${messageOf(error)}`);
        continue;
      }
      void running.ready.then((ready) => {
        if (ready === 'serves') say(`${spec.name} is back.`);
        if (ready === 'waits') complain(`${spec.name} runs again, and waits.`);
      });
    }
  };
  const ready = running.ready.then((readiness) => {
    if (readiness === 'ended') throw failure(spec, offset, running.process);
    void keepRunning();
  });
  // Whoever waits for it is told; a start that was given up has nobody waiting.
  ready.catch(() => {});
  return { ready, stop, kill };
}

async function end(name: string, running: Running): Promise<void> {
  running.process.kill('SIGTERM');
  const late = new AbortController();
  const patience = sleep(graceMs, 'late', { signal: late.signal }).catch(() => 'ended');
  if ((await Promise.race([running.ended, patience])) === 'late') {
    complain(`${name} did not stop within ${graceMs / 1000} s and was ended.`);
    running.process.kill('SIGKILL');
  }
  late.abort();
  await running.ended;
}

function launch(spec: ChildSpec): Running {
  const log = openSync(spec.logFile, 'a', 0o600);
  const { file, args } = withoutCoreDumps([...spec.flags, spec.file]);
  const child = spawn(file, args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    // A group of its own: Ctrl-C reaches the launcher only, which stops everything in order.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  // Its end tells enough; without a listener an error of the channel would end the launcher.
  child.on('error', () => {});
  const ended = once(child, 'exit').then(
    () => {},
    (error) => complain(`${spec.name} cannot be started: ${messageOf(error)}`),
  );
  const message = new Promise<Readiness>((done) => {
    child.on('message', (said) => {
      if (typeof said !== 'object' || said === null || !('ready' in said)) return;
      if ('note' in said) complain(`${spec.name}: ${String(said.note)}`);
      done('note' in said ? 'waits' : 'serves');
    });
  });
  return {
    process: child,
    ended,
    ready: Promise.race([message, ended.then(() => 'ended' as const)]),
  };
}

function howItEnded({ exitCode, signalCode }: ChildProcess): string {
  return signalCode === null ? `ended with code ${exitCode}` : `was ended by ${signalCode}`;
}

function sizeOf(file: string): number {
  const log = openSync(file, 'a', 0o600);
  const { size } = fstatSync(log);
  closeSync(log);
  return size;
}

/** What a process that failed to start said; JSON, for machines, only if there is no other. */
function failure(spec: ChildSpec, offset: number, child: ChildProcess): Refusal {
  const lines = readFileSync(spec.logFile).subarray(offset).toString().trim().split('\n');
  const forPeople = lines.filter((line) => !/^(\{|\s+at |Node\.js v|\s*$)/.test(line));
  const shown = (forPeople.length > 0 ? forPeople : lines).slice(-12);
  const head = `${spec.name} did not start (${howItEnded(child)}):`;
  return new Refusal(
    [head, ...shown.map((line) => `  ${line}`), `  Log: ${spec.logFile}`].join('\n'),
  );
}
