import { createHmac, createSecretKey } from 'node:crypto';
import { Agent, request as httpsRequest } from 'node:https';
import type { PeerCertificate } from 'node:tls';
import { type ErrorCode, errorTable, parseApiKey, schemas } from 'payos-contract';
import { Check } from 'typebox/value';
import { BoundedMap } from '../core/bounded-map.ts';
import { describeError, type Log } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import { secureBytes } from '../core/random.ts';
import type { RateLimiter } from '../core/rate-limit.ts';

export type InternalTls = { cert: string; key: string; ca: string };

export type KeyCheckDeps = {
  /** mTLS port of the server on this machine. */
  port: number;
  tls: InternalTls;
  log: Log;
  /** Milliseconds, monotonic. */
  clock: () => number;
  /** Counts refused credentials per address. */
  refusals: RateLimiter;
  refusalsPerSecond: number;
};

/** A key that was revoked is refused here at most this much later. */
const rememberMs = 1_000;
const timeoutMs = 3_000;
const rememberLimit = 20_000;
const answerLimit = 16 * 1024;

type Remembered = { answer: Promise<schemas.CheckedKey>; until: number };

/**
 * Asks the server whether an API key may create tokens; the vault holds no keys. Fails closed: no
 * answer is a refusal. A good answer is remembered for a second from when it was asked for, under a
 * keyed hash of the key; a refusal is not remembered but counted against the address.
 */
export function createKeyCheck(deps: KeyCheckDeps) {
  const hashKey = createSecretKey(secureBytes(32));
  const known = new BoundedMap<string, Remembered>(rememberLimit);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 16,
    timeout: 4_000,
    minVersion: 'TLSv1.3',
    checkServerIdentity: refuseOthers,
    ...deps.tls,
  });

  /** Throws {@link Refusal}: the codes of 401 and 403, `rate_limited`, or `unavailable`. */
  async function check(key: string | undefined, address: string): Promise<schemas.CheckedKey> {
    const limit = deps.refusalsPerSecond;
    try {
      if (key === undefined) throw new Refusal('missing_api_key');
      if (parseApiKey(key) === undefined) throw new Refusal('invalid_api_key');
      const name = createHmac('sha256', hashKey).update(key).digest('base64');
      const remembered = known.get(name);
      if (remembered !== undefined && remembered.until > deps.clock()) {
        return await remembered.answer;
      }
      const { allowed, retryAfter } = deps.refusals.peek(address, limit);
      if (!allowed) throw tooMany(retryAfter);
      const answer = ask(agent, deps, key);
      known.set(name, { answer, until: deps.clock() + rememberMs });
      answer.catch(() => known.take(name));
      return await answer;
    } catch (error) {
      if (!(error instanceof Refusal) || errorTable[error.code].status > 403) throw error;
      const { allowed, retryAfter } = deps.refusals.take(address, limit);
      throw allowed ? error : tooMany(retryAfter);
    }
  }
  return { check, close: () => agent.destroy() };
}

export type KeyCheck = ReturnType<typeof createKeyCheck>;

function tooMany(retryAfter: number): Refusal {
  return new Refusal('rate_limited', {}, { 'Retry-After': String(retryAfter) });
}

/** Any process of PayOS has a certificate of the internal CA; only the server knows keys. */
function refuseOthers(_host: string, certificate: PeerCertificate): Error | undefined {
  const name = certificate.subject.CN;
  return name === 'payos-server' ? undefined : new Error('the peer is not payos-server');
}

type Reply = { status: number; body: unknown };

async function ask(agent: Agent, deps: KeyCheckDeps, key: string): Promise<schemas.CheckedKey> {
  const text = JSON.stringify({ key, permission: 'tokens:create' });
  let reply: Reply;
  try {
    reply = await post(agent, deps.port, text).catch((error: unknown) => {
      // A connection that the server closed while it lay idle; checking twice changes nothing.
      if (error instanceof StaleConnection) return post(agent, deps.port, text);
      throw error;
    });
  } catch (error) {
    deps.log('error', 'key_check_failed', { error: describeError(error) });
    throw new Refusal('unavailable');
  }
  if (reply.status === 200 && Check(schemas.CheckedKey, reply.body)) return reply.body;
  const code = refusalCode(reply);
  if (code === 'permission_denied') {
    const detail = 'This needs the permission tokens:create, which this key does not have.';
    throw new Refusal(code, { detail });
  }
  if (code !== undefined) throw new Refusal(code);
  deps.log('error', 'key_check_failed', { status: reply.status });
  throw new Refusal('unavailable');
}

/** The code of a 401 or 403 problem. Nothing else of the server's answer is passed on. */
function refusalCode({ status, body }: Reply): ErrorCode | undefined {
  if (status !== 401 && status !== 403) return undefined;
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  const { code } = body;
  if (typeof code !== 'string' || !Object.hasOwn(errorTable, code)) return undefined;
  const known = code as ErrorCode;
  return errorTable[known].status === status ? known : undefined;
}

class StaleConnection extends Error {}

function post(agent: Agent, port: number, text: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({
      agent,
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      method: 'POST',
      path: '/internal/check-key',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && error.code === 'ECONNRESET';
      reject(stale ? new StaleConnection() : error);
    });
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > answerLimit) request.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) });
        } catch (error) {
          reject(error);
        }
      });
    });
    request.end(text);
  });
}
