import { createHmac, createSecretKey } from 'node:crypto';
import {
  type ErrorCode,
  errorTable,
  parseApiKey,
  parseCheckoutSecret,
  schemas,
} from 'payos-contract';
import { Check } from 'typebox/value';
import { describeError, type Log } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import { secureBytes } from '../core/random.ts';
import type { RateLimiter } from '../core/rate-limit.ts';
import type { KeyChannel } from './key-channel.ts';
import { type KeyMemory, type KnownKey, toKnownKey } from './key-memory.ts';
import type { KeyServer, ServerReply } from './key-server.ts';

type KeyCheckDeps = {
  server: KeyServer;
  channel: Pick<KeyChannel, 'isTrusted' | 'follows'>;
  memory: KeyMemory;
  log: Log;
  /** Milliseconds, monotonic. */
  clock: () => number;
  /** Counts refused credentials per network. */
  refusals: RateLimiter;
  refusalsPerSecond: number;
};

/** Who shows a key. */
type Bearer = {
  address: string;
  /** Whom refusals count against. */
  network: string;
  userAgent: string;
};

const timeoutMs = 3_000;
const asksMax = 5;

/**
 * Asks the server what an API key may do here; the vault holds no keys. Fails closed: no
 * answer is a refusal. A good answer is remembered until the server says that the key changed, and
 * counts only while that would be heard; a refusal is not remembered but counted against the
 * network it came from.
 */
export function createKeyCheck(deps: KeyCheckDeps) {
  const { channel, memory, refusals, refusalsPerSecond: limit } = deps;
  const hashKey = createSecretKey(secureBytes(32));
  const asking = new Map<string, Promise<KnownKey>>();

  /** Throws {@link Refusal}: the codes of 401 and 403, `rate_limited`, or `unavailable`. */
  async function check(
    key: string | undefined,
    permission: VaultPermission,
    bearer: Bearer,
  ): Promise<KnownKey> {
    try {
      const known = await find(key, bearer);
      requirePermission(known, permission);
      return known;
    } catch (error) {
      if (!(error instanceof Refusal) || errorTable[error.code].status > 403) throw error;
      const { allowed, retryAfter } = refusals.take(bearer.network, limit);
      throw allowed ? error : tooMany(retryAfter);
    }
  }

  async function find(key: string | undefined, bearer: Bearer): Promise<KnownKey> {
    if (key === undefined) throw new Refusal('missing_api_key');
    if ((parseApiKey(key) ?? parseCheckoutSecret(key)) === undefined) {
      throw new Refusal('invalid_api_key');
    }
    const name = createHmac('sha256', hashKey).update(key).digest('base64');
    const remembered = memory.get(name);
    if (remembered !== undefined && channel.isTrusted()) return remembered;
    const { allowed, retryAfter } = refusals.peek(bearer.network, limit);
    // A key that was good a moment ago is no guess.
    if (!allowed && remembered === undefined) throw tooMany(retryAfter);
    return await askOnce(name, key, bearer);
  }

  /** Requests that come together ask once, while a change meanwhile would be heard. */
  async function askOnce(name: string, key: string, bearer: Bearer): Promise<KnownKey> {
    if (!channel.isTrusted()) return await ask(name, key, bearer);
    const underWay = asking.get(name) ?? ask(name, key, bearer);
    asking.set(name, underWay);
    return await underWay.finally(() => asking.delete(name));
  }

  async function ask(name: string, key: string, bearer: Bearer): Promise<KnownKey> {
    for (let asks = 0; asks < asksMax; asks += 1) {
      const witness = memory.witness();
      try {
        const startedAt = deps.clock();
        const checked = await askServer(deps, key, bearer);
        const known = toKnownKey(checked);
        // Changed while the answer was on its way: it may be from before.
        if (witness.saw(known)) continue;
        const { ends_in_ms: left } = checked;
        // Of a server whose changes we do not follow, nothing can be remembered; nor a checkout
        // session, whose end nobody tells us.
        if (known.kind !== 'checkout_session' && checked.server === channel.follows()) {
          memory.put(name, known, left === null ? undefined : startedAt + left);
        }
        return known;
      } finally {
        witness.close();
      }
    }
    throw new Refusal('unavailable');
  }

  return { check };
}

/** What a key can be for here. */
export type VaultPermission = KnownKey['permissions'][number];

/** @throws Refusal `permission_denied` */
export function requirePermission(key: KnownKey, permission: VaultPermission): void {
  if (key.permissions.includes(permission)) return;
  const detail = `This needs the permission ${permission}, which this key does not have.`;
  throw new Refusal('permission_denied', { detail });
}

export type KeyCheck = ReturnType<typeof createKeyCheck>;

function tooMany(retryAfter: number): Refusal {
  return new Refusal('rate_limited', {}, { 'Retry-After': String(retryAfter) });
}

async function askServer(
  { server, log }: KeyCheckDeps,
  key: string,
  { address, userAgent }: Bearer,
): Promise<schemas.CheckedKey> {
  const question = { key, address, user_agent: userAgent };
  let reply: ServerReply;
  try {
    reply = await server.ask('/internal/check-key', question, timeoutMs);
  } catch (error) {
    log('error', 'key_check_failed', { error: describeError(error) });
    throw new Refusal('unavailable');
  }
  if (reply.status === 200 && Check(schemas.CheckedKey, reply.body)) return reply.body;
  const code = refusalCode(reply);
  if (code !== undefined) throw new Refusal(code);
  log('error', 'key_check_failed', { status: reply.status });
  throw new Refusal('unavailable');
}

/** The code of a 401 or 403 problem. Nothing else of the server's answer is passed on. */
function refusalCode({ status, body }: ServerReply): ErrorCode | undefined {
  if (status !== 401 && status !== 403) return undefined;
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  const { code } = body;
  if (typeof code !== 'string' || !Object.hasOwn(errorTable, code)) return undefined;
  const known = code as ErrorCode;
  return errorTable[known].status === status ? known : undefined;
}
