import { join } from 'node:path';
import pg from 'pg';
import {
  type Cluster,
  cloneDatabases,
  databaseUrl,
  dropDatabases,
} from '../../tools/harness/cluster.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { Child } from './child.ts';
import type { Watched } from './compare.ts';
import type { Plan } from './plan.ts';
import { postmasterOf } from './processes.ts';
import { recordSql } from './record-sql.ts';
import type { Transaction } from './recorded.ts';
import type { Load, LoadRequest, Slice } from './roles/load.ts';
import type { Role } from './worker.ts';

/** A running PayOS with one merchant, what it is measured with, and an eye on every process. */
export type Stage = {
  payos: Installation;
  plan: Plan;
  organization: string;
  secret: string;
  /** Databases of the same shape for the limits, where no worker looks at what they write. */
  limitUrls: { control: string; vault: string };
  tls: { certFile: string; keyFile: string };
  load: Child;
  /** The processes of PayOS, PostgreSQL, and the load generator. */
  watch: Watched;
  /** The server's SQL of a payment and a read, the vault's of a payment and a token. */
  recorded: Record<'payment' | 'read' | 'vaultPayment' | 'token', Transaction[]>;
  /** Payments that were answered with 201, and tokens. */
  answered: { payments: number; tokens: number };
  start(role: Role): Promise<Child>;
  /**
   * Gathers the statistics by which PostgreSQL plans, as it does by itself within a minute; left to
   * chance, plans would change in the middle of a measurement.
   */
  analyze(): Promise<void>;
  stop(): Promise<void>;
};

/** Further settings of all processes, e.g. NODE_OPTIONS for a profile. */
export type Extra = Record<string, string>;

/** @param cluster durable, if the figures are to mean anything */
export async function openStage(cluster: Cluster, plan: Plan, extra: Extra = {}): Promise<Stage> {
  const settings = { PAYOS_DB_POOL: String(plan.connections), PAYOS_RATE_LIMIT: '1000000' };
  const payos = await startInstallation({ cluster, settings: { ...settings, ...extra } });
  const children: Child[] = [];
  const start = async (role: Role) => {
    const child = await Child.start(role, join(payos.directory, `bench-${role}.log`));
    children.push(child);
    return child;
  };
  const limits = await cloneDatabases(cluster);
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
    await payos.stop();
    await dropDatabases(cluster, limits);
  };
  try {
    const organization = await payos.operator.createOrganization('Bench');
    const { key } = await payos.operator.mint(organization, { rate_limit: 1_000_000 });
    const recorded = await recordAll(payos, key);
    await copyKeys(cluster, payos.databases.vault, limits.vault);
    return {
      payos,
      plan,
      organization,
      secret: key,
      limitUrls: {
        control: databaseUrl(cluster, 'payos_app', limits.control),
        vault: databaseUrl(cluster, 'payos_vault_app', limits.vault),
      },
      tls: {
        certFile: join(cluster.certificates, 'localhost.pem'),
        keyFile: join(cluster.certificates, 'localhost-key.pem'),
      },
      load: await start('load'),
      watch: watchedOf(payos),
      recorded: recorded.statements,
      answered: recorded.answered,
      start,
      analyze: () =>
        analyze(cluster, [...Object.values(payos.databases), ...Object.values(limits)]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A card is stored only under a key that is there and active: so the limits' vault has it, too. */
async function copyKeys(cluster: Cluster, from: string, to: string): Promise<void> {
  const [source, target] = [from, to].map(
    (name) => new pg.Client({ connectionString: databaseUrl(cluster, 'postgres', name) }),
  ) as [pg.Client, pg.Client];
  await Promise.all([source.connect(), target.connect()]);
  const { rows } = await source.query('SELECT row_to_json(k)::text AS row FROM keks k');
  const insert = 'INSERT INTO keks SELECT * FROM json_populate_record(NULL::keks, $1)';
  for (const { row } of rows) await target.query(insert, [row]);
  await Promise.all([source.end(), target.end()]);
}

async function analyze(cluster: Cluster, databases: readonly string[]): Promise<void> {
  for (const name of databases) {
    const client = new pg.Client({ connectionString: databaseUrl(cluster, 'postgres', name) });
    await client.connect();
    await client.query('ANALYZE').finally(() => client.end());
  }
}

function watchedOf(payos: Installation): Watched {
  const { server, vault, worker, simulator } = payos.processes;
  return {
    server: { pid: server.pid },
    vault: { pid: vault.pid },
    worker: { pid: worker.pid },
    simulator: { pid: simulator.pid },
    postgres: { pid: postmasterOf(payos.cluster.directory), tree: true },
  };
}

/** Does everything once while PostgreSQL tells what it is asked. */
async function recordAll(payos: Installation, key: string) {
  const answered = { payments: 0, tokens: 0 };
  const created = async (client: 'api' | 'vault', path: string, body: unknown) => {
    const answer = await payos[client].call('POST', path, {
      key,
      body,
      ...(client === 'api'
        ? { headers: { 'idempotency-key': recordedKey(answered.payments) } }
        : {}),
    });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    answered[client === 'api' ? 'payments' : 'tokens'] += 1;
    return answer.body.id as string;
  };
  const tokenize = () => created('vault', '/v1/tokens', JSON.parse(card));
  const pay = async (token: string) => {
    return created('api', '/v1/payments', JSON.parse(paymentOf(token)));
  };
  const reads = async () => (await payos.api.get('/v1/payments?limit=1', key)).status === 200;
  const tokenizes = () => tokenize().then(isDone, isNotDone);
  const token = await recordSql(payos, 'vault', tokenizes, tokenize);
  const tokens = [await tokenize(), await tokenize(), await tokenize(), await tokenize()];
  const payNext = () => pay(tokens.pop() ?? '');
  const payment = await recordSql(payos, 'control', reads, payNext);
  const vaultPayment = await recordSql(payos, 'vault', tokenizes, payNext);
  const id = await pay(await tokenize());
  const read = await recordSql(payos, 'control', reads, () => {
    return payos.api.get(`/v1/payments/${id}`, key);
  });
  const statements = {
    token,
    vaultPayment,
    payment: withoutKeys(payment),
    read: withoutKeys(read),
  };
  return { statements, answered };
}

const isDone = () => true;
const isNotDone = () => false;

/** The look-up of a key is remembered for a second, so that it is not part of every request. */
function withoutKeys(transactions: Transaction[]): Transaction[] {
  return transactions.filter(([first]) => first?.name !== 'keys.verify');
}

/** Looks like an id, so that every replay puts another in its place. */
function recordedKey(count: number): string {
  return `idem_${String(count + 1).repeat(22)}`;
}

/** A published test number; every processor's documentation has it. */
export const card =
  '{"type":"card","card":{"number":"4242424242424242","exp_month":12,"exp_year":2034,"cvc":"123"}}';

/** The body of a payment. */
export function paymentOf(token: string): string {
  return JSON.stringify({ amount: 1999, currency: 'EUR', token, reference: 'order-1' });
}

/** A load of JSON requests with the merchant's key. */
export function loadOf(
  stage: Stage,
  target: { port: number } & Pick<Load, 'method' | 'expect'>,
  requests: LoadRequest[],
  more: Partial<Load> = {},
): Load {
  const { port, method, expect } = target;
  return {
    origin: `https://localhost:${port}`,
    ca: stage.payos.ca,
    method,
    headers: {
      authorization: `Bearer ${stage.secret}`,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    requests,
    repeat: true,
    keyed: false,
    concurrency: stage.plan.concurrency,
    durationMs: 60_000,
    expect,
    collect: false,
    ...more,
  };
}

/** Makes tokens, as many as asked for. */
export async function makeTokens(stage: Stage, count: number): Promise<string[]> {
  const target = { port: stage.payos.ports.vault, method: 'POST', expect: 201 } as const;
  const requests = Array.from({ length: count }, () => ({ path: '/v1/tokens', body: card }));
  const load = loadOf(stage, target, requests, { repeat: false, collect: true });
  const slice = await stage.load.ask<Slice>('run', load);
  if (slice.errors > 0) throw new Error(`tokens: ${slice.complaint}`);
  stage.answered.tokens += slice.done;
  return slice.ids;
}
