import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { codeOf, Refusal } from './refusal.ts';
import { shortPath } from './short-path.ts';

/** The URL of a database of the cluster in `data`, for `pg` and everything built on libpq. */
export function socketUrl(data: string, user: string, password: string, database: string): string {
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const host = encodeURIComponent(shortPath(data));
  return `postgresql://${credentials}@localhost:5432/${database}?host=${host}`;
}

/** `live` with the server's process id; `busy`: starting, stopping or not answering. */
type Liveness = { state: 'live'; pid: number } | { state: 'busy' } | { state: 'absent' };

/**
 * Asks the server itself. A process id in `postmaster.pid` proves nothing (ids are used again after
 * a reboot), so the one who answers must be reading this very file.
 */
export async function probe(data: string, password: string): Promise<Liveness> {
  const client = new pg.Client({
    connectionString: socketUrl(data, 'postgres', password, 'postgres'),
    connectionTimeoutMillis: 3000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const query = `SELECT pg_read_file('postmaster.pid') AS theirs`;
    const { rows } = await client.query<{ theirs: string }>(query);
    const ours = pidFile(data);
    if (ours === undefined || identity(rows[0]?.theirs) !== identity(ours)) {
      return { state: 'absent' };
    }
    return { state: 'live', pid: Number.parseInt(ours, 10) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return { state: 'absent' };
    if (code === '28P01') {
      throw new Refusal(`The PostgreSQL of ${data} does not take the password in our secrets.`);
    }
    return { state: 'busy' };
  } finally {
    await client.end().catch(() => {});
  }
}

/** The same once it is settled: waits for a server that is starting or stopping. */
export async function settledState(data: string, password: string): Promise<Liveness> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = await probe(data, password);
    if (found.state === 'live') return found;
    if (found.state === 'absent' && !isServing(data)) return found;
    await sleep(100);
  }
  const pid = pidFile(data)?.split('\n')[0];
  throw new Refusal(
    `A PostgreSQL (process ${pid}) holds ${data} and does not answer. End it: kill -QUIT ${pid}`,
  );
}

/** Whether the process that `postmaster.pid` names is alive and really works in `data`. */
export function isServing(data: string): boolean {
  const pid = Number.parseInt(pidFile(data) ?? '', 10);
  if (!Number.isInteger(pid) || !isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  return worksIn(String(pid), realpathSync(data));
}

/** Both name the process id of the server on their first line. */
const lockFiles = ['postmaster.pid', '.s.PGSQL.5432.lock'];

/**
 * Takes away lock files whose process id now belongs to a stranger, or to a dead process that
 * nobody has asked about yet: PostgreSQL would take either for a server of ours. They stay while
 * any process still works in `data`.
 */
export function removeRecycledLocks(data: string): void {
  if (process.platform !== 'linux') return;
  const misleading = lockFiles.filter((name) => {
    const pid = Number.parseInt(contentOf(join(data, name)) ?? '', 10);
    return Number.isInteger(pid) && isAlive(pid);
  });
  if (misleading.length === 0) return;
  const home = realpathSync(data);
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  if (processes.some((name) => worksIn(name, home))) return;
  for (const name of misleading) rmSync(join(data, name), { force: true });
}

/** Process id, folder and start time; the lines below them change while the server starts. */
function identity(text: string | undefined): string | undefined {
  return text?.split('\n').slice(0, 3).join('\n');
}

function worksIn(pid: string, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function pidFile(data: string): string | undefined {
  return contentOf(join(data, 'postmaster.pid'));
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
