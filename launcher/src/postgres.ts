import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { locateBinaries } from './postgres-binaries.ts';
import { dataDirectory, ensureCluster } from './postgres-cluster.ts';
import {
  isServing,
  probe,
  removeRecycledLocks,
  settledState,
  socketUrl,
} from './postgres-liveness.ts';
import { explainOutput, explainSpawnError, ownName, spawnProgram } from './postgres-program.ts';
import { settingArguments } from './postgres-settings.ts';
import { databaseIdentity } from './unprivileged.ts';

export type PostgresOptions = {
  /** Existing folder; the cluster is created in `<directory>/data` when it is not there yet. */
  directory: string;
  /** Of the superuser `postgres`; set when the cluster is created. */
  password: string;
  /** What the server says is appended here. */
  logFile: string;
  /** Overrides of `postgresSettings`, e.g. `{ fsync: 'off' }` in a test. */
  settings?: Readonly<Record<string, string>>;
};

export type Postgres = {
  /** Process id of the postmaster. */
  readonly pid: number;
  /** It was already running over this folder when we came. */
  readonly adopted: boolean;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** URL of a database, over the Unix socket. */
  url(user: string, password: string, database: string): string;
  /** Fast shutdown: open transactions are rolled back, everything committed is kept. */
  stop(): Promise<void>;
};

/**
 * Runs an embedded PostgreSQL 18 over a folder and resolves when it answers. A server that is
 * already running over the folder, left behind by a killed launcher, is adopted.
 *
 * @throws Refusal with one clear line when it cannot be started
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  await ensureCluster(options.directory, options.password);
  const data = dataDirectory(options.directory);
  const found = await settledState(data, options.password);
  if (found.state === 'live') return handle(data, found.pid, true, untilGone(data));
  removeRecycledLocks(data);
  return launch(data, options);
}

/** How often a start is tried while processes of a killed server still hold its memory. */
const attempts = 150;

async function launch(data: string, options: PostgresOptions): Promise<Postgres> {
  const identity = databaseIdentity(data);
  const { postgres } = locateBinaries(identity);
  const parameters = ['-D', ownName(data, identity), ...settingArguments(options.settings ?? {})];
  for (let attempt = 1; ; attempt += 1) {
    const log = openSync(options.logFile, 'a', 0o600);
    const before = fstatSync(log).size;
    const child = spawnProgram(postgres, parameters, data, identity, ['ignore', log, log]);
    closeSync(log);
    const ended = endOf(child);
    if (await answers(data, options.password, ended)) {
      return handle(data, child.pid ?? 0, false, ended.then(noValue));
    }
    const output = readFileSync(options.logFile).subarray(before).toString();
    if (!/pre-existing shared memory block/.test(output) || attempt === attempts) {
      throw explainOutput(output);
    }
    await sleep(200);
  }
}

async function endOf(child: ChildProcess): Promise<'ended'> {
  try {
    await once(child, 'exit');
  } catch (error) {
    throw explainSpawnError(error);
  }
  return 'ended';
}

/** True as soon as the server takes connections; false when it has ended before. */
async function answers(data: string, password: string, ended: Promise<'ended'>): Promise<boolean> {
  for (;;) {
    const outcome = await Promise.race([probe(data, password), ended]);
    if (outcome === 'ended') return false;
    if (outcome.state === 'live') return true;
    if ((await Promise.race([sleep(10), ended])) === 'ended') return false;
  }
}

function noValue(): void {}

/** An adopted server is nobody's child: the only way to learn of its end is to look. */
async function untilGone(data: string): Promise<void> {
  while (isServing(data)) await sleep(100);
}

function handle(data: string, pid: number, adopted: boolean, ended: Promise<void>): Postgres {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const stop = async () => {
    if (over) return;
    process.kill(pid, 'SIGINT');
    const late = new AbortController();
    const patience = sleep(20_000, 'late', { signal: late.signal }).catch(() => 'ended');
    if ((await Promise.race([patience, ended])) === 'late') process.kill(pid, 'SIGQUIT');
    late.abort();
    await ended;
  };
  const url = (user: string, password: string, database: string) =>
    socketUrl(data, user, password, database);
  return { pid, adopted, ended, url, stop };
}
