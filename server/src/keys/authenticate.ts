import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { clock } from '../core/clock.ts';
import { type AnyPermission, requirePermission } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import type { Authenticate, Identity } from '../core/http/identity.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { networkOf } from '../core/network.ts';
import { RateLimiter, requireTurn } from '../core/rate-limit.ts';
import type { ExposedKeys } from './exposed/watch-exposed.ts';
import { bindsToNothing } from './rules/check-policy.ts';
import { isSigned, type Signers, tooManyUnknown } from './signed-requests/find-signer.ts';
import type { Nonces } from './signed-requests/nonces.ts';
import { requireSignedBody, type SignedRequest } from './signed-requests/read-signed-request.ts';
import type { KeyUses } from './uses.ts';
import type { VerifiedKey } from './verified-key.ts';
import type { KeyVerifier } from './verify-key.ts';

/** How long it takes at least to refuse a key: longer than a look-up, and nobody minds. */
const refusalMs = 10;

type Options = {
  verifier: KeyVerifier;
  uses: KeyUses;
  exposed: ExposedKeys;
  signers: Signers;
  nonces: Nonces;
  metrics: Metrics;
  log: Log;
  /** Requests per second of a key that has no limit of its own. */
  keyRate: number;
  /** Look-ups of keys not seen lately, per second and address. */
  addressRate: number;
};

/** Whether a request comes with an API key, or signed with one. */
export function presentsKey({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): boolean {
  return headers.authorization !== undefined || isSigned(raw);
}

/** Who asks on the public surface: whoever holds an API key, or signs with one. */
export function authenticateByKey(options: Options): Authenticate {
  const keys = new RateLimiter();
  const addresses = new RateLimiter();
  const told = new RateLimiter();
  return async (request, { permission }) => {
    // Junk is refused by its checksum, and keys in use are in memory: only look-ups of unknown
    // keys cost the database anything, so only they are limited. Genuine traffic from the same
    // address goes on.
    const beforeLookup = () => {
      const verdict = addresses.take(networkOf(request.ip), options.addressRate);
      requireTurn(verdict, tooManyUnknown);
    };
    try {
      if (isSigned(request.raw)) {
        const { key, signed } = await options.signers.find(request.raw, request.ip, beforeLookup);
        const identity = admit(request, key, permission, options, keys);
        return await admitSigned(identity, signed, options.nonces);
      }
      const key = await options.verifier.find(bearerOf(request), beforeLookup);
      return admit(request, key, permission, options, keys);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 429)) {
        options.metrics.refusedCredentials.inc({ reason: error.code });
        // Of a flood one line per second tells enough; each request has its own line besides.
        if (told.take(networkOf(request.ip), 1).allowed) {
          options.log.warn(
            { request_id: request.id, reason: error.code, address: request.ip },
            'a credential was refused',
          );
        }
        if (error.code !== 'missing_api_key' && error.status === 401) await refuseLate(request);
      }
      throw error;
    }
  };
}

/**
 * What is wrong with a key shows in how long it takes to find out, by some millionths of a second.
 * So refusals wait for the same time since the request came.
 */
async function refuseLate({ startedMs }: FastifyRequest): Promise<void> {
  const restMs = Math.ceil(startedMs + refusalMs) - clock.monotonicMs();
  if (restMs > 0) await sleep(restMs);
}

/** Uses the signature up, and wants the body that was signed. */
async function admitSigned(
  identity: Identity,
  signed: SignedRequest,
  nonces: Nonces,
): Promise<Identity> {
  if (identity.rate?.verdict.allowed) await nonces.use(signed);
  return { ...identity, acceptBody: (bytes) => requireSignedBody(signed, bytes) };
}

/** Whether a genuine key may ask for this, from here, at this moment. */
function admit(
  request: FastifyRequest,
  key: VerifiedKey,
  permission: AnyPermission,
  { verifier, keyRate, uses, exposed }: Options,
  keys: RateLimiter,
): Identity {
  const { id, organization, mode, permissions, limits } = key;
  const identity: Identity = {
    actor: { type: 'api_key', id, permissions, limits },
    scope: { organization, mode },
    apiVersion: key.apiVersion,
    rate: undefined,
  };
  // Known from here on, so that a refusal, too, is in the organization's log of requests.
  request.identity = identity;
  const use = { ...usedBy(request), organization, key: id };
  try {
    verifier.requireUsable(key);
  } catch (error) {
    // Who still uses a key that is at its end wants to be known.
    uses.note(use);
    throw error;
  }
  requireNoPage(request, key, exposed);
  requireMode(request, key);
  requireAddress(request, key);
  // Whoever stands where the key does not work must not use up what it may ask.
  const perSecond = key.rateLimit ?? keyRate;
  const verdict = keys.take(id, perSecond);
  identity.rate = { verdict, perSecond };
  // Who floods is told to slow down before being told anything else.
  if (!verdict.allowed) {
    uses.note(use);
    return identity;
  }
  const isRefused = key.kind === 'publishable' || !isHeld(permissions, permission);
  uses.note({ ...use, permission: isRefused ? undefined : permission });
  if (key.kind === 'publishable') throw new ApiError('publishable_key_refused');
  requirePermission(identity.actor, permission);
  requireBound(key, permission);
  return identity;
}

const isHeld = (held: ReadonlySet<string>, asked: AnyPermission) => held.has(asked);

function usedBy({ ip, headers }: FastifyRequest) {
  return { address: ip, userAgent: headers['user-agent'] ?? '' };
}

/**
 * A secret key in a page is read by every visitor. Programs have no reason to send these headers.
 *
 * @throws ApiError `secret_key_in_browser`
 */
function requireNoPage(request: FastifyRequest, { kind }: VerifiedKey, exposed: ExposedKeys) {
  const { headers, ip } = request;
  if (kind !== 'secret') return;
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return;
  exposed.tell({ key: bearerOf(request), how: 'browser', address: ip });
  throw new ApiError('secret_key_in_browser');
}

function requireMode(request: FastifyRequest, { mode }: VerifiedKey): void {
  const asked = request.headers['payos-mode'];
  if (asked === undefined || asked === mode) return;
  throw new ApiError('wrong_mode', { detail: `This is a key of ${mode} mode.` });
}

function requireAddress({ ip }: FastifyRequest, { networks }: VerifiedKey): void {
  if (networks === undefined || networks.include(ip)) return;
  const detail = `This API key may not be used from ${ip.replace(/^::ffff:(?=[\d.]+$)/, '')}.`;
  throw new ApiError('ip_not_allowed', { detail });
}

/**
 * Whoever finds a key that sends live cards away must not be able to use it from anywhere: who a
 * destination gives them on to is not known here.
 *
 * @throws ApiError `ip_list_required`
 */
function requireBound({ mode, ipRanges }: VerifiedKey, permission: AnyPermission): void {
  if (permission !== 'cards:forward' || mode !== 'live') return;
  if (bindsToNothing(ipRanges)) throw new ApiError('ip_list_required');
}

const bearer = /^Bearer ([\x21-\x7e]{1,200})$/i;

function bearerOf(request: FastifyRequest): string {
  const values = request.raw.headersDistinct['authorization'] ?? [];
  const [value] = values;
  if (value === undefined) throw new ApiError('missing_api_key', {}, challenge);
  const match = values.length === 1 ? bearer.exec(value) : null;
  if (match?.[1] === undefined) {
    const detail = 'The Authorization header must be `Bearer `, then the API key.';
    throw new ApiError('invalid_api_key', { detail }, challenge);
  }
  return match[1];
}

const challenge = { 'www-authenticate': 'Bearer realm="PayOS"' };
