import { openDb } from './db.ts';
import type { Log } from './log.ts';

/** What each setting must be, so that no statement and no value of one is written to a log. */
const silent: Readonly<Record<string, string>> = {
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  // Of extensions: there only when they are loaded.
  'auto_explain.log_min_duration': '-1',
  'pgaudit.log': 'none',
};

const readSettings = {
  name: 'settings.logging',
  text: 'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
};

/**
 * What `find` finds, and for that long after it the last that it found: connections that began
 * meanwhile are still there.
 */
export function lasting(
  find: () => Promise<string[]>,
  forMs: number,
  clockMs: () => number,
): () => Promise<string[]> {
  let last: string[] = [];
  let until = 0;
  return async () => {
    const found = await find();
    if (found.length > 0) {
      last = found;
      until = clockMs() + forMs;
    }
    return clockMs() < until ? last : found;
  };
}

/**
 * Which settings of the vault's connections would write statements or their values to the log of
 * the database, a sentence each with what to do. Cards are sealed before they get there, but what
 * is sealed, last four digits and fingerprints have no place in a log either. Asked on a connection
 * of its own: those that are open keep what their role was given when they began.
 */
export async function findStatementLogging(databaseUrl: string, log: Log): Promise<string[]> {
  const db = openDb(databaseUrl, 1, log);
  try {
    const names = Object.keys(silent);
    const rows = await db.run<{ name: string; setting: string }>(readSettings, [names]);
    return rows
      .filter(({ name, setting }) => setting !== silent[name])
      .map(({ name, setting }) => {
        const fix = `ALTER ROLE payos_vault_app SET ${name} = '${silent[name]}'`;
        return `The database logs what the vault does: ${name} is ${setting}. ${fix}.`;
      });
  } finally {
    await db.close();
  }
}
