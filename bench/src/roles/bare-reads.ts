import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { schemas } from 'payos-contract';
import pg from 'pg';
import type { Statement, Transaction } from '../recorded.ts';

export type BareReads = {
  certFile: string;
  keyFile: string;
  databaseUrl: string;
  connections: number;
  /** The recorded transactions of one read. */
  transactions: Transaction[];
};

export const commands = { open };

/** The route `GET /v1/payments/:id` and nothing else: same framework, TLS, schema and SQL. */
async function open(options: BareReads): Promise<number> {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.connections,
    types,
  });
  const statements = options.transactions.flat();
  const read = (table: string) => {
    const found = statements.find(({ text }) => text.includes(`FROM ${table} `));
    if (found === undefined) throw new Error(`no recorded read of ${table}`);
    return (id: string) => pool.query(aboutPayment(found, id));
  };
  const [payment, attempts] = [read('payments'), read('attempts')];
  const app = Fastify({
    https: {
      cert: readFileSync(options.certFile),
      key: readFileSync(options.keyFile),
      minVersion: 'TLSv1.2',
    },
  });
  app.get<{ Params: { id: string } }>(
    '/v1/payments/:id',
    { schema: { response: { 200: schemas.PaymentWithAttempts } } },
    async ({ params }) => {
      const found = await Promise.all([payment(params.id), attempts(params.id)]);
      return toAnswer(found[0].rows[0], found[1].rows);
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

function aboutPayment({ name = '', text, values }: Statement, id: string) {
  const filled = values.map((value) => (value?.startsWith('pay_') ? id : value));
  return { name, text, values: filled };
}

function toAnswer(row: Record<string, unknown>, attempts: Record<string, unknown>[]) {
  const left = Number(row['amount_captured']) - Number(row['amount_refunded']);
  return {
    ...row,
    object: 'payment',
    amount_refundable: left - Number(row['amount_refund_pending']),
    token: row['token_id'],
    payment_method: row['payment_method_id'],
    customer: row['customer_id'],
    checkout_session: row['checkout_session_id'],
    attempts: attempts.map((attempt) => ({ refund: attempt['refund_id'], ...attempt })),
  };
}

const [int8, timestamptz] = [20, 1184];
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === int8) return Number;
    if (oid === timestamptz) return (text: string) => new Date(text).toISOString();
    return pg.types.getTypeParser(oid, format);
  },
} as pg.CustomTypesConfig;
