import { createCipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { type Replay, replayOf, type Transaction } from '../recorded.ts';
import type { Slice } from './load.ts';

export type BareVault = {
  certFile: string;
  keyFile: string;
  databaseUrl: string;
  connections: number;
  /** The recorded transaction of one tokenization. */
  transactions: Transaction[];
};

/** The same without HTTPS and JSON: what is left are the SQL, one encryption, one keyed hash. */
export type SealingSql = Omit<BareVault, 'certFile' | 'keyFile'> & {
  /** Under way at once. */
  concurrency: number;
  durationMs: number;
};

export const commands = { open, seal: sealAndStore };

const key = createSecretKey(randomBytes(32));
const ivAndTag = 12 + 16;
/** A list of one. */
const sixteenBytes = /^\{"\\\\x[0-9a-f]{32}"\}$/;
/** Of a sealed record, up to the key's version. */
const headerLength = 26;

/** What tokenization cannot do without: HTTPS, JSON, one encryption, one keyed hash, the SQL. */
async function open(options: BareVault): Promise<number> {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: options.connections });
  const replay = replayOf(options.transactions);
  const tls = { cert: readFileSync(options.certFile), key: readFileSync(options.keyFile) };
  const server = createServer({ ...tls, minVersion: 'TLSv1.2' }, (request, response) => {
    void tokenize(pool, replay, request).then((answer) => {
      const body = JSON.stringify(answer);
      response.writeHead(201, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

type Asked = { card: { number: string; exp_month: number; exp_year: number } };

const pools = new Map<string, pg.Pool>();

/** Seals and stores for so long, over connections that are kept. */
async function sealAndStore(options: SealingSql): Promise<Slice> {
  const { databaseUrl, connections, transactions, concurrency, durationMs } = options;
  const pool =
    pools.get(databaseUrl) ?? new pg.Pool({ connectionString: databaseUrl, max: connections });
  pools.set(databaseUrl, pool);
  const replay = replayOf(transactions);
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2031 };
  const microseconds: number[] = [];
  const began = performance.now();
  const loop = async () => {
    while (performance.now() - began < durationMs) {
      const start = performance.now();
      await store(pool, replay, card);
      microseconds.push(Math.round((performance.now() - start) * 1000));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (performance.now() - began) / 1000;
  const done = microseconds.length;
  return { done, seconds, errors: 0, complaint: undefined, microseconds, ids: [] };
}

async function tokenize(pool: pg.Pool, replay: Replay, request: IncomingMessage) {
  const { card } = JSON.parse(await text(request)) as Asked;
  return store(pool, replay, card);
}

async function store(pool: pg.Pool, replay: Replay, card: Asked['card']) {
  const [[statement] = []] = replay();
  if (statement === undefined) throw new Error('nothing was recorded');
  let lists = 0;
  const values = statement.values.map((value) => {
    if (value instanceof Buffer) return seal(card.number, value);
    if (typeof value !== 'string' || !sixteenBytes.test(value)) return value;
    // What the card is known by, and behind it what it is shown as, if it is new.
    lists += 1;
    return [lists === 1 ? macOf(card.number) : randomBytes(16)];
  });
  const { rows } = await pool.query({ ...statement, name: statement.name ?? '', values });
  const createdAt = rows[0]?.created_at as Date;
  return {
    id: values[0],
    object: 'token',
    mode: 'test',
    card: {
      brand: 'visa',
      last4: card.number.slice(-4),
      bin: card.number.slice(0, 6),
      exp_month: card.exp_month,
      exp_year: card.exp_year,
    },
    single_use: true,
    created_at: createdAt.toISOString(),
    expires_at: new Date(createdAt.getTime() + 3_600_000).toISOString(),
  };
}

function macOf(digits: string): Buffer {
  return createHmac('sha256', key).update(digits).digest().subarray(0, 16);
}

/** Encrypts into as many bytes as PayOS stores, behind the header that names the key. */
function seal(digits: string, recorded: Buffer): Buffer {
  const plain = Buffer.alloc(recorded.length - headerLength - ivAndTag);
  plain.write(digits);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const header = recorded.subarray(0, headerLength);
  return Buffer.concat([header, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
