import pg from 'pg';
import { replayOf, type Transaction } from '../recorded.ts';
import type { Slice } from './load.ts';

/** Recorded transactions to execute again and again, over connections that are kept. */
export type SqlLoad = {
  url: string;
  connections: number;
  transactions: Transaction[];
  durationMs: number;
};

let clients: pg.Client[] = [];

export const commands = { run };

/**
 * Each connection executes the transactions one after the other. The statements of a transaction
 * travel together, which is the fewest round trips there can be.
 */
async function run(load: SqlLoad): Promise<Slice> {
  if (clients.length === 0) clients = await connect(load);
  const replay = replayOf(load.transactions);
  const microseconds: number[] = [];
  const began = performance.now();
  const loop = async (client: pg.Client) => {
    while (performance.now() - began < load.durationMs) {
      const start = performance.now();
      for (const transaction of replay()) await execute(client, transaction);
      microseconds.push(Math.round((performance.now() - start) * 1000));
    }
  };
  await Promise.all(clients.map(loop));
  const seconds = (performance.now() - began) / 1000;
  const done = microseconds.length;
  return { done, seconds, errors: 0, complaint: undefined, microseconds, ids: [] };
}

async function execute(client: pg.Client, transaction: ReturnType<ReturnType<typeof replayOf>>[0]) {
  const results = await Promise.all(
    transaction.map(({ name, text, values }) =>
      client.query(name === undefined ? { text } : { name, text, values }),
    ),
  );
  const end = results.at(-1);
  if (end?.command === 'ROLLBACK') throw new Error('a replayed transaction was rolled back');
}

function connect({ url, connections }: SqlLoad): Promise<pg.Client[]> {
  return Promise.all(
    Array.from({ length: connections }, async () => {
      const config = { connectionString: url, pipeline: true } as pg.ClientConfig;
      const client = new pg.Client(config);
      await client.connect();
      return client;
    }),
  );
}
