import { type InstallationOptions, startInstallation } from '../../tools/harness/installation.ts';
import { type PersonOptions, signedIn } from '../../tools/harness/people.ts';
import { newId } from '../src/core/random.ts';

export type Office = Awaited<ReturnType<typeof openOffice>>;

/** An installation with two organizations, and people in them: the server alone, as a rule. */
export async function openOffice(
  settings: Record<string, string> = {},
  start: InstallationOptions['start'] = ['server'],
) {
  const payos = await startInstallation({
    start,
    settings: { PAYOS_SIGN_IN_RATE: '100000', ...settings },
  });
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
      await holder.query('BEGIN');
      await holder.query(lock[0], [...lock[1]]);
      const underWay = Promise.all(requests.map((send) => send()));
      await until(async () => {
        const waiting = await rows(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
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

async function until(look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await look())) {
    if (performance.now() > end) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A role in both modes. */
export const both = (role: string) => ({ test: role, live: role });
