import pg from 'pg';
import { type Filled, type Replay, replayOf, type Transaction } from '../recorded.ts';
import type { Slice } from './load.ts';

/** Recorded transactions to execute again and again, over connections that are kept. */
export type SqlLoad = {
  /** Executed in this order, each in its own database. */
  steps: { url: string; transactions: Transaction[] }[];
  connections: number;
  durationMs: number;
  /** Ids that the database knows already; each execution uses up one, and the last is the end. */
  given?: { recorded: string; ids: string[] };
};

/** Executions of the same by count, before anything is measured. */
export type SqlRows = { url: string; transaction: Transaction; count: number };

type Step = { client: pg.Client; replay: Replay };

const clients = new Map<string, Promise<pg.Client>>();

export const commands = { run, insert };

/**
 * Each connection executes the transactions one after the other. The statements of a transaction
 * travel together, which is the fewest round trips there can be.
 */
async function run({ steps, connections, durationMs, given }: SqlLoad): Promise<Slice> {
  const lanes = await Promise.all(
    Array.from({ length: connections }, (_, lane) =>
      Promise.all(
        steps.map(async ({ url, transactions }) => {
          return { client: await clientOf(url, lane), replay: replayOf(transactions) };
        }),
      ),
    ),
  );
  let used = 0;
  const microseconds: number[] = [];
  const began = performance.now();
  const loop = async (lane: Step[]) => {
    while (performance.now() - began < durationMs) {
      const id = given?.ids[used];
      if (given !== undefined && id === undefined) return;
      used += 1;
      const start = performance.now();
      // Shared by the steps: what one has written, the next one finds.
      const ids = new Map(given && [[given.recorded, id ?? '']]);
      for (const { client, replay } of lane) {
        for (const transaction of replay(ids)) await execute(client, transaction);
      }
      microseconds.push(Math.round((performance.now() - start) * 1000));
    }
  };
  await Promise.all(lanes.map(loop));
  const seconds = (performance.now() - began) / 1000;
  const done = microseconds.length;
  return { done, seconds, errors: 0, complaint: undefined, microseconds, ids: [] };
}

/** @returns the first value of each execution, which is the id of the row */
async function insert({ url, transaction, count }: SqlRows): Promise<string[]> {
  const client = await clientOf(url, 0);
  const replay = replayOf([transaction]);
  const executions = Array.from({ length: count }, () => replay()[0] ?? []);
  await Promise.all(executions.map((filled) => execute(client, filled)));
  return executions.map(([first]) => String(first?.values[0]));
}

async function execute(client: pg.Client, transaction: Filled[]): Promise<void> {
  const results = await Promise.all(
    transaction.map(({ name, text, values }) =>
      client.query(name === undefined ? { text } : { name, text, values }),
    ),
  );
  for (const { command, rowCount } of results) {
    const changed = !/^(INSERT|UPDATE|DELETE)$/.test(command) || rowCount === 1;
    if (command === 'ROLLBACK' || !changed) throw new Error('a replay did not do what it should');
  }
}

function clientOf(url: string, lane: number): Promise<pg.Client> {
  const name = `${lane} ${url}`;
  const known = clients.get(name) ?? connect(url);
  clients.set(name, known);
  return known;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig);
  await client.connect();
  return client;
}
