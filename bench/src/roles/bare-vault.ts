import { createCipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { type Replay, replayOf, type Transaction } from '../recorded.ts';

export type BareVault = {
  certFile: string;
  keyFile: string;
  databaseUrl: string;
  connections: number;
  /** The recorded transaction of one tokenization. */
  transactions: Transaction[];
};

export const commands = { open };

const key = createSecretKey(randomBytes(32));
const ivAndTag = 12 + 16;

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

async function tokenize(pool: pg.Pool, replay: Replay, request: IncomingMessage) {
  const { card } = JSON.parse(await text(request)) as Asked;
  const [[statement] = []] = replay();
  if (statement === undefined) throw new Error('nothing was recorded');
  const values = statement.values.map((value) => {
    if (!(value instanceof Buffer)) return value;
    // 16 bytes are the fingerprint, the rest is the sealed card.
    return value.length === 16 ? fingerprintOf(card.number) : seal(card.number, value.length);
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

function fingerprintOf(digits: string): Buffer {
  return createHmac('sha256', key).update(digits).digest().subarray(0, 16);
}

/** Encrypts into as many bytes as PayOS stores. */
function seal(digits: string, length: number): Buffer {
  const plain = Buffer.alloc(length - ivAndTag);
  plain.write(digits);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
