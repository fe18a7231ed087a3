import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../../tools/harness/installation.ts';
import type { Statement, Transaction } from './recorded.ts';

const roles = {
  control: ['payos_app', 'payos_read'],
  vault: ['payos_vault_app'],
} as const;
const settings = {
  log_statement: 'all',
  log_error_verbosity: 'default',
  log_parameter_max_length: '-1',
};

/** Something harmless that needs the database; tells whether it worked. */
type Probe = () => Promise<boolean>;

/**
 * Has PostgreSQL itself tell what SQL the server or the vault sends for a piece of work, so that
 * the limits stay those of the code as it is.
 *
 * @param probe is repeated until the process has connections again that tell
 * @param work is done twice: the first time warms up, the second is recorded
 * @returns the transactions in the order in which they began
 */
export async function recordSql(
  payos: Installation,
  zone: 'control' | 'vault',
  probe: Probe,
  work: () => Promise<unknown>,
): Promise<Transaction[]> {
  const client = await payos.connect(zone);
  const process = zone === 'control' ? 'payos-server' : 'payos-vault';
  const database = payos.databases[zone];
  const all = roles[zone].flatMap((role) =>
    Object.entries(settings).map(([name, value]) => ({ role, name, value })),
  );
  const reconnect = async () => {
    await client.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1`,
      [process],
    );
    await untilConnected(probe);
  };
  try {
    for (const { role, name, value } of all) {
      await client.query(`ALTER ROLE ${role} IN DATABASE ${database} SET ${name} = '${value}'`);
    }
    await reconnect();
    await work();
    const log = join(payos.cluster.directory, 'postgres.log');
    const before = statSync(log).size;
    await work();
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = $2',
      [process, database],
    );
    const pids = new Set(rows.map(({ pid }) => pid));
    return transactionsIn(readFileSync(log).subarray(before).toString(), pids);
  } finally {
    for (const { role, name } of all) {
      await client.query(`ALTER ROLE ${role} IN DATABASE ${database} RESET ${name}`);
    }
    await reconnect();
    await client.end();
  }
}

/** A process may first have to notice that its connections are gone. */
async function untilConnected(probe: Probe): Promise<void> {
  for (let failures = 0; failures < 100; failures += 1) {
    await sleep(50);
    if ((await probe()) && (await probe())) return;
  }
  throw new Error('a process did not come back to its database');
}

const line = /^\S+ \S+ \S+ \[(\d+)\] (\w+): {2}(.*)$/s;
const said = /^(?:statement|execute ([^:]+)): (.*)$/s;

/** Reads PostgreSQL's log, in which lines that go on begin with a tab. */
export function transactionsIn(log: string, pids: ReadonlySet<number>): Transaction[] {
  const transactions: Transaction[] = [];
  const open = new Map<number, Transaction>();
  const last = new Map<number, Statement>();
  for (const entry of log.split(/\n(?!\t)/)) {
    const [, id, severity, rest = ''] = line.exec(entry.replaceAll('\n\t', '\n')) ?? [];
    const pid = Number(id);
    if (!pids.has(pid)) continue;
    const statement = last.get(pid);
    if (severity === 'DETAIL' && statement !== undefined) statement.values = valuesIn(rest);
    const [, name, text] = severity === 'LOG' ? (said.exec(rest) ?? []) : [];
    if (text === undefined) continue;
    const next: Statement = { name, text, values: [] };
    last.set(pid, next);
    const current = open.get(pid) ?? [];
    if (current.length === 0) transactions.push(current);
    current.push(next);
    if (text === 'BEGIN') open.set(pid, current);
    if (text === 'COMMIT') open.delete(pid);
  }
  return transactions;
}

function valuesIn(detail: string): (string | null)[] {
  return [...detail.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g)].map(([, value]) =>
    value === undefined ? null : value.replaceAll("''", "'"),
  );
}
