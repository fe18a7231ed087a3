import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { askTogether, columnTypes, type Leg } from './flight.ts';
import type { Log } from './log.ts';
import type { Tables } from './tables.ts';

/** A named prepared statement: parsed once per connection; unprepared costs 2.5 times as much. */
export type Statement = { readonly name: string; readonly text: string };

const declared = new Map<string, string>();

/**
 * Declares a statement.
 *
 * @throws Error at start-up when another has this name: PostgreSQL would run the first text
 */
export function statement(name: string, text: string): Statement {
  const other = declared.get(name);
  if (other !== undefined && other !== text) throw new Error(`two statements are named ${name}`);
  declared.set(name, text);
  return Object.freeze({ name, text });
}

export type Row = Record<string, unknown>;
export type Value = string | number | boolean | null | Buffer | readonly string[] | Date;

/** Runs one statement. Safe to call again before the last answer came: calls are pipelined. */
export type Query = <R extends Row>(what: Statement, values?: readonly Value[]) => Promise<R[]>;

export type Database = {
  /** Connections of the role that writes: for `mutate`, and for the worker's own bookkeeping. */
  readonly write: pg.Pool;
  /** One statement on the read-only role. */
  readonly read: Query;
  /** Several statements on the read-only role, in one packet. Answers the rows of each. */
  readonly readTogether: (legs: readonly Leg[]) => Promise<Row[][]>;
  /** Lists and filters, on the read-only role. */
  readonly lists: Kysely<Tables>;
  /** A connection of its own on the writing role, not yet opened: to listen. It gives up soon. */
  readonly single: () => pg.Client;
  close(): Promise<void>;
};

type Options = {
  writeUrl: string;
  readUrl: string;
  pool: number;
  name: string;
  log: Log;
  /**
   * For processes that work on queues: plans are made while a queue is empty and kept when it is
   * full, and a whole scan that cost nothing then costs everything now.
   */
  indexesOnly: boolean;
};

/** Opens the two pools. Times are RFC 3339 strings and 64-bit integers numbers from here on. */
export function openDatabase(options: Options): Database {
  const { writeUrl, readUrl, pool, name, log } = options;
  const plans = options.indexesOnly ? ' -c enable_seqscan=off' : '';
  const open = (connectionString: string) => {
    const opened = new pg.Pool({
      connectionString,
      types: columnTypes,
      max: pool,
      pipeline: true,
      application_name: name,
      connectionTimeoutMillis: 5_000,
      // The limits below are the server's: no help when it, or the network to it, is frozen.
      query_timeout: 12_000,
      idleTimeoutMillis: 60_000,
      options: `-c TimeZone=UTC -c statement_timeout=10s -c transaction_timeout=30s${plans}`,
    } as pg.PoolConfig);
    opened.on('error', (error) => log.warn({ err: error }, 'database connection lost'));
    // Of a connection in use that is lost between two statements: the next one fails. Without
    // anybody to hear of it, the process would end.
    opened.on('connect', (client) => client.on('error', () => {}));
    return opened;
  };
  const single = () =>
    new pg.Client({
      connectionString: writeUrl,
      types: columnTypes,
      application_name: `${name}-listener`,
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
      // What it writes is bookkeeping: nobody waits until that is on disk.
      options: '-c TimeZone=UTC -c statement_timeout=2s -c synchronous_commit=off',
    });
  const write = open(writeUrl);
  const read = open(readUrl);
  return {
    write,
    read: (what, values) => run(read, what, values),
    readTogether: (legs) => askTogether(read, legs),
    lists: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: read }) }),
    single,
    close: async () => {
      await Promise.all([write.end(), read.end()]);
    },
  };
}

/** Runs a named statement on a pool or a connection. */
export async function run<R extends Row>(
  on: pg.Pool | pg.ClientBase,
  what: Statement,
  values: readonly Value[] = [],
): Promise<R[]> {
  const result = await on.query<R>({ name: what.name, text: what.text, values: [...values] });
  return result.rows;
}

/** Whether PostgreSQL refused because of this constraint. */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof pg.DatabaseError && error.constraint === constraint;
}

/** Whether PostgreSQL refused a row because this column would have been null (23502). */
export function leavesEmpty(error: unknown, table: string, column: string): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23502') return false;
  return error.table === table && error.column === column;
}

/** Codes of a server that stops, starts, or has ended the connection (PostgreSQL, appendix A). */
const awayCodes = new Set(['57P01', '57P02', '57P03', '08006', '08001', '08003', '53300']);
const awayErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE']);
const awayMessages =
  /connection terminated|query read timeout|timeout exceeded when trying to connect/i;

/** Whether PostgreSQL could not take a value: a date, a number (class 22, data exception). */
export function refusesValue(error: Error): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith('22') === true;
}

/** Whether an error means that the database cannot be reached at the moment. */
export function databaseIsAway(error: Error): boolean {
  if (error instanceof pg.DatabaseError) return awayCodes.has(error.code ?? '');
  const call = 'syscall' in error ? String(error.syscall) : '';
  const code = 'code' in error ? String(error.code) : '';
  if (awayErrors.has(code) && ['connect', 'read', 'write'].includes(call)) return true;
  return awayMessages.test(error.message);
}
