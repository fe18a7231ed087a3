import { type InstallationOptions, startInstallation } from '../../tools/harness/installation.ts';
import { type PersonOptions, signedIn } from '../../tools/harness/people.ts';
import {
  enterInstallation,
  type SharedInstallation,
} from '../../tools/harness/shared-installation.ts';
import { newId } from '../src/core/random.ts';

export type Office = Awaited<ReturnType<typeof openOffice>>;
export type SharedOffice = Awaited<ReturnType<typeof openSharedOffice>>;

/** An installation with two organizations, and people in them: the server alone, as a rule. */
export async function openOffice(
  settings: Record<string, string> = {},
  start: InstallationOptions['start'] = ['server'],
) {
  return setUpOffice(await startInstallation({ start, settings }));
}

/** Two organizations in the installation that many test files share. */
export const openSharedOffice = async () => setUpOffice(await enterInstallation());

async function setUpOffice<I extends SharedInstallation>(payos: I) {
  const db = await payos.connect('control');
  const organization = await payos.operator.createOrganization('Shop');
  const stranger = await payos.operator.createOrganization('Other');
  /** Somebody of the first organization, with the same role in both modes unless said otherwise. */
  const join = (
    role: string | PersonOptions['roles'],
    more: Partial<Omit<PersonOptions, 'roles'>> = {},
  ) => {
    const roles = typeof role === 'string' ? { test: role, live: role } : role;
    return signedIn(payos.api, db, { organization, roles, ...more });
  };
  /** A role of the organization's own, e.g. one with every permission. */
  const makeRole = async (permissions: readonly string[]): Promise<string> => {
    const id = newId('role');
    await db.query(
      'INSERT INTO roles (organization_id, id, name, permissions) VALUES ($1, $2, $3, $4)',
      [organization, id, id, permissions],
    );
    return id;
  };
  const stop = async () => {
    await db.end();
    await payos.stop();
  };
  /**
   * Holds the lock that changes of people wait for, or another, lets `count` requests come to it,
   * does `meanwhile`, and lets them go on.
   */
  const whileWaiting = async <T>(
    requests: readonly (() => Promise<T>)[],
    meanwhile: () => Promise<unknown> = async () => {},
    lock: readonly [sql: string, values: readonly string[]] = [
      'SELECT 1 FROM organizations WHERE id = $1 FOR UPDATE',
      [organization],
    ],
  ): Promise<T[]> => {
    const holder = await payos.connect('control');
    try {
      const { pid } = (await holder.query('SELECT pg_backend_pid() AS pid')).rows[0];
      await holder.query('BEGIN');
      await holder.query(lock[0], [...lock[1]]);
      const underWay = Promise.all(requests.map((send) => send()));
      await until(async () => {
        const waiting = await rows(waitingFor, [pid]);
        return waiting.length === requests.length;
      });
      await meanwhile();
      await holder.query('COMMIT');
      return await underWay;
    } finally {
      await holder.end();
    }
  };
  const rows = async (sql: string, values: unknown[] = []) => (await db.query(sql, values)).rows;
  return { ...payos, db, rows, organization, stranger, join, makeRole, whileWaiting, stop };
}

/** Who waits for a process, or for somebody who does. */
const waitingFor = `
  WITH RECURSIVE waiting AS (
    SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
  ), behind AS (
    SELECT $1::integer AS pid
    UNION SELECT waiting.pid FROM behind JOIN waiting ON behind.pid = ANY(waiting.blockers)
  )
  SELECT pid FROM behind WHERE pid <> $1`;

async function until(look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await look())) {
    if (performance.now() > end) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A role in both modes. */
export const both = (role: string) => ({ test: role, live: role });
