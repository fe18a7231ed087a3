import pg from 'pg';
import { describeError, type Log } from './log.ts';
import { Refusal } from './problem.ts';

/** A prepared statement. `name` is unique per text: PostgreSQL plans it once per connection. */
export type Statement = { name: string; text: string };

export type Db = {
  /** Runs one statement, which is one transaction. Throws {@link Refusal} `unavailable`. */
  run<R extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]>;
  close(): Promise<void>;
};

/** Connections are closed after that, when nobody uses them. */
export const connectionLifeMs = 60_000;

/** SQLSTATE of a violated unique constraint. */
export const uniqueViolation = '23505';

/**
 * Opens the pool. Every query of the vault is one statement and therefore one transaction: there is
 * no way to hold a lock while talking to anybody else.
 */
export function openDb(url: string, size: number, log: Log): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: 'payos-vault',
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    // What the role was given is read when a connection begins.
    maxLifetimeSeconds: connectionLifeMs / 1000,
    statement_timeout: 5_000,
    // The server's own limits are no help when the server, or the network to it, is frozen.
    query_timeout: 6_000,
    lock_timeout: 4_000,
    idle_in_transaction_session_timeout: 10_000,
    // Rows are looked up by their keys; a plan made while a table is small is kept when it is
    // large.
    options: '-c enable_seqscan=off',
  });
  pool.on('error', (error) => log('warn', 'db_connection_lost', { error: describeError(error) }));
  return {
    run: async <R extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]) => {
      try {
        const result = await pool.query<R>({ ...statement, values: [...values] });
        return result.rows;
      } catch (error) {
        if (!isOutage(error)) throw error;
        log('error', 'db_unavailable', { error: describeError(error) });
        throw Object.assign(new Refusal('unavailable'), { cause: error });
      }
    },
    close: () => pool.end(),
  };
}

/** SQLSTATE of a database error, if it is one or a refusal because of one. */
export function sqlState(error: unknown): string | undefined {
  const said = error instanceof Refusal ? error.cause : error;
  return said instanceof pg.DatabaseError ? said.code : undefined;
}

/** Whether the database could not do its work, in contrast to refusing what it was asked. */
function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  // Connection, resources, operator intervention, serialization, lock not available.
  if (state !== undefined) return /^(08|53|57|40|55P03)/.test(state);
  // Without an SQLSTATE the error comes from the socket or the pool.
  return error instanceof Error && !(error instanceof TypeError);
}
