import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiVersionLatest, isApiVersion, removeCardNumbers, secretKeysIn } from 'payos-contract';
import { passesLuhn } from '../cards/luhn.ts';
import { bodyChecker } from '../core/check.ts';
import { monotonicMs } from '../core/clock.ts';
import type { Exchange, Handler, Routes } from '../core/listener.ts';
import type { LiveMode } from '../core/live-mode.ts';
import { networkOf } from '../core/network-of.ts';
import { Refusal } from '../core/problem.ts';
import type { RateLimiter } from '../core/rate-limit.ts';
import { readJsonBody } from '../core/read-body.ts';
import type { Owner } from '../seal/key-provider.ts';
import { createCvcToken } from '../tokens/create-cvc-token.ts';
import { type CreateTokenDeps, createToken } from '../tokens/create-token.ts';
import { CreateCvcToken, CreateToken } from '../tokens/schemas.ts';
import { requireRawCards } from './card-gate.ts';
import type { KeyCheck, VaultPermission } from './check-key.ts';
import { corsHeaders, isFromPage, preflight, requireOrigin } from './cors.ts';
import type { ExposureReports } from './exposed-keys.ts';
import type { KnownKey } from './key-memory.ts';
import type { KeyUses } from './key-uses.ts';

export type PublicDeps = CreateTokenDeps & {
  keyCheck: KeyCheck;
  uses: KeyUses;
  exposures: ExposureReports;
  /** Requests per key. */
  keyLimiter: RateLimiter;
  /** Requests per network of who holds what every visitor of a page can read. */
  visitorLimiter: RateLimiter;
  visitorsPerSecond: number;
  liveMode: Pick<LiveMode, 'isOpen'>;
  /** Throws when the vault cannot serve. */
  readiness: () => Promise<void>;
};

export const bodyLimits = { size: 16 * 1024, timeoutMs: 10_000 };

const checkCreateToken = bodyChecker(CreateToken);
const checkCreateCvcToken = bodyChecker(CreateCvcToken);

/** What the world may ask of the vault. */
export function publicRoutes(deps: PublicDeps): Routes {
  return {
    '/': { GET: async () => ({ status: 200, body: front }) },
    '/livez': { GET: async () => ({ status: 200, body: { status: 'live' } }) },
    '/readyz': {
      GET: async () => {
        await deps.readiness();
        return { status: 200, body: { status: 'ready' } };
      },
    },
    '/v1/tokens': { POST: postToken(deps), OPTIONS: preflight },
  };
}

const front = {
  name: 'PayOS vault',
  tokens: 'POST /v1/tokens',
  docs: 'At /docs of the PayOS API.',
};

function postToken(deps: PublicDeps): Handler {
  return async (exchange) => {
    const { request, requestId } = exchange;
    Object.assign(exchange.headers, corsHeaders);
    checkVersion(exchange);
    const { known, lookAgain } = await authenticate(
      deps,
      exchange,
      'tokens:create',
      requireRawCards,
    );
    const { organization, mode, key, kind } = known;
    const owner: Owner = { organization, mode };
    if (mode === 'live' && !deps.liveMode.isOpen()) throw new Refusal('live_mode_unavailable');
    const idempotencyKey = readIdempotencyKey(request);
    const sent = await readJsonBody(request, bodyLimits);
    // The gate may have been closed while the body was on its way, as slowly as somebody likes.
    if (mode === 'live' && kind === 'secret') await lookAgain();
    const session = kind === 'checkout_session' ? key : null;
    if (isOfCode(sent)) {
      const body = createCvcToken(deps, owner, checkCreateCvcToken(sent), session);
      exchange.notes.token = body.id;
      return { status: 201, body };
    }
    const input = checkCreateToken(sent);
    const asker = { actor: key, requestId, kind, session };
    const { token, replayed } = await createToken(deps, owner, asker, input, idempotencyKey);
    exchange.notes.token = token.id;
    if (replayed) exchange.headers['Idempotency-Replayed'] = 'true';
    return { status: 201, body: token };
  };
}

function isOfCode(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'type' in body && body.type === 'cvc';
}

type Admitted = {
  known: KnownKey;
  /** The key as it is later, if it still passes. Throws what refuses it. */
  lookAgain: () => Promise<KnownKey>;
};

/**
 * Who asks, if the key may be used for this and from here.
 *
 * @param requirePassage throws what the card gate refuses
 */
export async function authenticate(
  deps: PublicDeps,
  { request, headers, notes }: Exchange,
  permission: VaultPermission,
  requirePassage: (request: IncomingMessage, key: KnownKey) => void,
): Promise<Admitted> {
  const sent = request.headersDistinct.authorization ?? [];
  const [, key] = /^Bearer +(\S+)$/i.exec(sent.length === 1 ? (sent[0] ?? '') : '') ?? [];
  if (sent.length > 0 && key === undefined) {
    throw new Refusal('invalid_api_key', {}, challenge);
  }
  const startedAt = monotonicMs();
  const address = addressOf(request);
  const userAgent = userAgentOf(request);
  const bearer = { address, userAgent, network: networkOf(address) };
  const checked = await deps.keyCheck
    .check(key, permission, bearer)
    .catch((error: unknown) => refuseLate(startedAt, error));
  notes.organization = checked.organization;
  notes.mode = checked.mode;
  notes.actor = checked.key;
  requireMode(request, checked);
  requireAddress(address, checked);
  tellOfBrowser(deps, request, checked, key, address);
  requireOrigin(request, checked);
  requirePassage(request, checked);
  limitVisitor(deps, address, checked);
  // Whoever stands where the key does not work must not use up what it may ask.
  if (checked.kind !== 'checkout_session') deps.uses.note(checked, permission, address, userAgent);
  const limit = checked.rate_limit;
  const { allowed, remaining, reset, retryAfter } = deps.keyLimiter.take(checked.key, limit);
  // IETF draft-ietf-httpapi-ratelimit-headers-11.
  headers['RateLimit-Policy'] = `"key";q=${limit};w=1`;
  headers.RateLimit = `"key";r=${remaining};t=${reset}`;
  if (!allowed) throw new Refusal('rate_limited', {}, { 'Retry-After': String(retryAfter) });
  const lookAgain = async () => {
    const now = await deps.keyCheck.check(key, permission, bearer);
    requireAddress(address, now);
    requirePassage(request, now);
    return now;
  };
  return { known: checked, lookAgain };
}

/**
 * Who tries out stolen numbers reads the key of a page like everybody else. They must neither get
 * far, nor use up what the key may ask for those who pay.
 */
function limitVisitor(deps: PublicDeps, address: string, { kind, key }: KnownKey): void {
  if (kind === 'secret') return;
  const { visitorLimiter, visitorsPerSecond: limit } = deps;
  const { allowed, retryAfter } = visitorLimiter.take(`${key} ${networkOf(address)}`, limit);
  if (!allowed) throw new Refusal('rate_limited', {}, { 'Retry-After': String(retryAfter) });
}

/** A secret key in a page is read by every visitor. */
function tellOfBrowser(
  { exposures }: PublicDeps,
  request: IncomingMessage,
  { kind }: KnownKey,
  key: string | undefined,
  address: string,
): void {
  if (kind === 'secret' && isFromPage(request)) exposures.lookAt(key ?? '', 'browser', address);
}

/**
 * Who is at the other end of the connection, whatever headers say. IPv4 inside IPv6 (RFC 4291
 * §2.5.5.2) as IPv4; empty once the connection is gone.
 */
export function addressOf({ socket }: IncomingMessage): string {
  // Without the name of our own network card, which a link-local address may carry.
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=[\d.]+$)|%.*$/gi, '');
}

/** What the client says of itself, for the record of uses; never what could be a card number. */
export function userAgentOf({ headers }: IncomingMessage): string {
  const said = headers['user-agent'] ?? '';
  return said.replaceAll(/\d(?:\D{0,3}\d){11,}/g, '[number removed]').slice(0, 120);
}

function requireMode({ headersDistinct }: IncomingMessage, { mode }: KnownKey): void {
  const asked = headersDistinct['payos-mode'];
  if (asked === undefined || (asked.length === 1 && asked[0] === mode)) return;
  throw new Refusal('wrong_mode', { detail: `This is a key of ${mode} mode.` });
}

/** Throws {@link Refusal} `ip_not_allowed`. */
export function requireAddress(address: string, { networks }: KnownKey): void {
  if (networks === undefined || networks.include(address)) return;
  const detail = `This API key may not be used from ${address}.`;
  throw new Refusal('ip_not_allowed', { detail });
}

/** How long it takes at least to refuse a key: longer than to ask the server about it. */
const refusalMs = 10;

/** RFC 9110 §11.6.1: a 401 says how to authenticate. */
const challenge = { 'WWW-Authenticate': 'Bearer realm="payos"' };

/**
 * What is wrong with a key shows in how long it takes to find out, by some millionths of a second.
 * So refusals wait for the same time since the request came.
 */
export async function refuseLate(startedAt: number, error: unknown): Promise<never> {
  if (!(error instanceof Refusal) || !error.code.endsWith('_api_key')) throw error;
  const restMs = Math.ceil(startedAt + refusalMs) - monotonicMs();
  if (restMs > 0) await sleep(restMs);
  throw new Refusal(error.code, error.extras, { ...challenge, ...error.headers });
}

/**
 * Puts the version into the answer: the one asked for, or the latest. Throws {@link Refusal}
 * `invalid_version`.
 */
export function checkVersion({ request, headers }: Exchange): void {
  const sent = request.headersDistinct['payos-version'];
  headers['PayOS-Version'] = apiVersionLatest;
  if (sent === undefined) return;
  const [version = ''] = sent;
  if (sent.length > 1 || !isApiVersion(version)) throw new Refusal('invalid_version');
  headers['PayOS-Version'] = version;
}

function readIdempotencyKey(request: IncomingMessage): string | undefined {
  const sent = request.headersDistinct['idempotency-key'];
  if (sent === undefined) return undefined;
  const [key = ''] = sent;
  if (sent.length > 1 || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Refusal('invalid_idempotency_key');
  }
  if (secretKeysIn(key).length > 0) throw new Refusal('key_in_body', { param: 'Idempotency-Key' });
  if (holdsNumber(key)) throw new Refusal('card_data_refused', { param: 'Idempotency-Key' });
  return key;
}

/**
 * Whether a key is made of a card number, by itself or beside words, as in `order-4242…`. A random
 * key that happens to hold digits must never be refused.
 */
function holdsNumber(key: string): boolean {
  const digits = /^\D*((?:\d[ .-]?){12,18}\d)\D*$/.exec(key)?.[1]?.replaceAll(/\D/g, '');
  if (digits === undefined) return false;
  const isAlone = !/[A-Za-z]/.test(key);
  return isAlone ? passesLuhn(Buffer.from(digits)) : removeCardNumbers(digits).found > 0;
}
