import pg from 'pg';
import type { Row, Statement, Value } from './db.ts';

/** A statement on its way, and what PostgreSQL answered. */
export type Leg = { what: Statement; values: readonly Value[] };
export type Landed = { command: string; rows: Row[] };

export const begin: Statement = { name: 'begin', text: 'BEGIN' };
/** Behind a statement that failed it is not carried out: see {@link Flight}. */
export const commit: Statement = { name: 'commit', text: 'COMMIT' };

type Column = { name: string; parse: (text: string) => unknown };
type Columns = Map<string, readonly Column[]>;

/** The part of pg's connection that its own `Query` speaks to. */
type Wire = {
  stream: { cork(): void; uncork(): void };
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: (string | Buffer | null)[] }): void;
  describe(message: { type: 'P'; name: '' }): void;
  execute(message: object): void;
  sync(): void;
};

const oidInt8 = 20;
const oidTimestamptz = 1184;

/** How columns are read: 64-bit integers as numbers, times as RFC 3339. */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === oidInt8) return Number;
    if (oid === oidTimestamptz) return (text: string) => new Date(text).toISOString();
    return pg.types.getTypeParser(oid, format);
  },
} as pg.CustomTypesConfig;

/** Columns of the prepared statements of each connection, so that they are told only once. */
const known = new WeakMap<Wire, Columns>();

/**
 * Several statements in one packet with one Sync at its end (PostgreSQL, 54.2.4 Pipelining): one
 * write and one answer, where pg's own pipeline writes and is answered once per statement. After
 * the first error PostgreSQL skips the rest, so that a COMMIT behind it is never carried out.
 */
class Flight extends pg.Query {
  readonly #legs: readonly Leg[];
  readonly #landed: Landed[] = [];
  #rows: Row[] = [];
  #columns: Columns = new Map();
  /** The client notes by these two what has been parsed: those of the statement under way. */
  name: string | undefined;
  text: string | undefined;
  callback: (error: Error | null, landed: Landed[]) => void;

  constructor(legs: readonly Leg[], callback: (error: Error | null, landed: Landed[]) => void) {
    super('');
    this.#legs = legs;
    this.callback = callback;
    this.#next();
  }

  override submit = (connection: unknown): void => {
    const wire = connection as Wire;
    this.#columns = known.get(wire) ?? new Map();
    known.set(wire, this.#columns);
    wire.stream.cork();
    for (const { what, values } of this.#legs) {
      const { name, text } = what;
      const parsed = wire.parsedStatements[name] ?? wire.submittedNamedStatements[name];
      if (parsed === undefined) {
        wire.parse({ name, text });
        wire.submittedNamedStatements[name] = text;
      }
      wire.bind({ statement: name, values: values.map(asParameter) });
      if (!this.#columns.has(name)) wire.describe({ type: 'P', name: '' });
      wire.execute({});
    }
    wire.sync();
    wire.stream.uncork();
  };

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => {
      return { name, parse: columnTypes.getTypeParser(dataTypeID, 'text') as Column['parse'] };
    });
    if (this.name !== undefined) this.#columns.set(this.name, columns);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const row: Row = {};
    const columns = this.#columns.get(this.name ?? '') ?? [];
    for (const [index, { name, parse }] of columns.entries()) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : parse(text);
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const [command = ''] = text.split(' ', 1);
    this.#landed.push({ command, rows: this.#rows });
    if (this.name !== undefined && !this.#columns.has(this.name)) this.#columns.set(this.name, []);
    this.#rows = [];
    this.#next();
  }

  handleError(error: Error, connection: unknown): void {
    // What stood behind the failed statement was skipped, and with it that it was parsed.
    const { submittedNamedStatements } = connection as Wire;
    for (const { what } of this.#legs.slice(this.#landed.length)) {
      delete submittedNamedStatements[what.name];
    }
    this.callback(error, []);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#landed);
  }

  #next(): void {
    const leg = this.#legs[this.#landed.length];
    this.name = leg?.what.name;
    this.text = leg?.what.text;
  }
}

/** Sends statements together. @throws the error of the first that failed */
function fly(client: pg.PoolClient, legs: readonly Leg[]): Promise<Landed[]> {
  return new Promise((resolve, reject) => {
    client.query(new Flight(legs, (error, landed) => (error ? reject(error) : resolve(landed))));
  });
}

/** Independent questions in one packet over one connection. */
export async function askTogether(pool: pg.Pool, legs: readonly Leg[]): Promise<Row[][]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return (await fly(client, legs)).map(({ rows }) => rows);
  } catch (error) {
    broken = error instanceof pg.DatabaseError ? undefined : (error as Error);
    throw error;
  } finally {
    client.release(broken);
  }
}

type Waiting = Leg & { resolve: (landed: Landed) => void; reject: (error: unknown) => void };

/** Collects what is asked in one turn of the event loop and sends it in one flight. */
export class Gate {
  readonly #client: pg.PoolClient;
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  send(what: Statement, values: readonly Value[] = []): Promise<Landed> {
    if (this.#closed) return Promise.reject(new Error(`${what.name} comes after the end`));
    if (this.#waiting.length === 0) process.nextTick(() => this.#leave());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ what, values, resolve, reject });
    });
  }

  /** Sends the last statement. What is asked after it is refused. */
  close(what: Statement): Promise<Landed> {
    const last = this.send(what);
    this.#closed = true;
    return last;
  }

  /** Leaves behind what has not been sent yet. */
  cancel(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #leave(): void {
    const legs = this.#waiting.splice(0);
    if (legs.length === 0) return;
    fly(this.#client, legs).then(
      (landed) => {
        for (const [index, { resolve, reject }] of legs.entries()) {
          const own = landed[index];
          if (own === undefined) reject(new Error('PostgreSQL did not answer every statement'));
          else resolve(own);
        }
      },
      (error: unknown) => {
        for (const { reject } of legs) reject(error);
      },
    );
  }
}

/** A value as PostgreSQL reads it: text, or bytes as they are. */
function asParameter(value: Value): string | Buffer | null {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(asElement).join(',')}}`;
  return String(value);
}

function asElement(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
