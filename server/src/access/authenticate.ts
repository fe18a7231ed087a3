import type { FastifyRequest } from 'fastify';
import { type Mode, type StepUpAct, standings, stepUpMinutes, touchesVault } from 'payos-contract';
import { requirePermission } from '../core/context.ts';
import { type Database, run, statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import type { Authenticate, Identity } from '../core/http/identity.ts';
import { userAgentOf } from '../core/http/user-agent.ts';
import { networkOf } from '../core/network.ts';
import { RateLimiter, requireTurn } from '../core/rate-limit.ts';
import { hasAllowedFactor } from './allowed-factor.ts';
import { readSessionCookie } from './cookie.ts';
import type { FoundSession } from './find-session.ts';
import { limitedLookup } from './limited-lookup.ts';
import { isWithin } from './ranges.ts';
import { isCsrfToken } from './token.ts';

type Asked = Parameters<Authenticate>[1];

type Options = {
  db: Database;
  /** Scheme, host and port of the dashboard as browsers name it. */
  origin: string;
  /** Requests per second of one session. */
  rate: number;
  /** Guesses at secrets per minute and address, over all accounts. */
  signInRate: number;
  /** Look-ups of sessions not seen lately, per second and address. */
  addressRate: number;
};

/** Who asks on the public surface: a person, by the cookie of their session. */
export function authenticateBySession(options: Options): Authenticate {
  const { db, origin, rate, signInRate } = options;
  const lookUp = limitedLookup(db, options.addressRate);
  const limiter = new RateLimiter();
  const guesses = new RateLimiter();
  return async (request, route) => {
    const changes = route.method !== 'GET';
    if (changes) requireOrigin(request, origin);
    if (route.throttled) throttle(guesses, request.ip, signInRate);
    const token = readSessionCookie(request.raw);
    const found = token === undefined ? undefined : await lookUp(token, request.ip);
    if (route.permission === 'anyone' && typeof found !== 'object') return anonymous;
    if (found === 'expired') throw new ApiError('session_expired');
    if (found === undefined || token === undefined) throw new ApiError('not_signed_in');
    const verdict = limiter.take(found.id, rate);
    const identity = { ...identify(request, found, route) };
    identity.rate = { verdict, perSecond: rate };
    request.identity = identity;
    if (!verdict.allowed) return identity;
    // A link or a sign-in that somebody begins anew needs no token of the session before it.
    if (changes && route.permission !== 'anyone') requireCsrfToken(request, token);
    requirePermission(identity.actor, route.permission);
    if (route.stepUp !== undefined) requireStepUp(found, route.stepUp);
    await touch(db, request, found);
    return identity;
  };
}

/**
 * Slows down who guesses across accounts, each of which would take long to lock (ASVS 6.3.1).
 * Counted in this process and before anything is looked up: no failure elsewhere opens it.
 */
function throttle(guesses: RateLimiter, address: string, perMinute: number): void {
  const verdict = guesses.take(networkOf(address), perMinute, 60_000);
  requireTurn(verdict, 'Too many tries from this address.');
}

const anonymous: Identity = {
  actor: { type: 'anonymous', id: 'anonymous' },
  scope: undefined,
  apiVersion: undefined,
  rate: undefined,
};

function identify(request: FastifyRequest, found: FoundSession, route: Asked): Identity {
  const common = { apiVersion: undefined, rate: undefined };
  if (Object.hasOwn(standings, route.permission)) {
    if (route.permission !== 'anyone' && !route.anyNetwork) requireNetwork(found, request.ip);
    const actor = { type: 'account', id: found.account, session: found } as const;
    return { actor, scope: undefined, ...common };
  }
  if (found.state !== 'active') throw new ApiError('sign_in_unfinished');
  const { organization, member } = found;
  if (organization === undefined || member === undefined) throw new ApiError('no_organization');
  requirePolicy(found, request.ip);
  const mode = modeOf(request);
  const permissions = found.permissions[mode];
  const actor = { type: 'member', id: member, permissions, session: found } as const;
  return { actor, scope: { organization, mode }, ...common };
}

function modeOf(request: FastifyRequest): Mode {
  const asked = request.headers['payos-mode'] ?? 'test';
  if (asked === 'test' || asked === 'live') return asked;
  throw fieldError('/PayOS-Mode', 'wrong_value', 'PayOS-Mode is test or live.', 'Correct it.');
}

/**
 * Browsers name the page a change comes from, and no page can forge it. Checked beside the token,
 * and where there is no session yet (sign-in CSRF).
 */
function requireOrigin(request: FastifyRequest, origin: string): void {
  if (request.headers.origin !== origin) throw new ApiError('wrong_origin');
}

function requireCsrfToken(request: FastifyRequest, token: string): void {
  if (!isCsrfToken(token, request.headers['payos-csrf'])) throw new ApiError('csrf_mismatch');
}

/**
 * What a person does with their account while they work in an organization keeps to its networks
 * as well: new recovery codes open the organization too.
 */
function requireNetwork({ state, organization, policy }: FoundSession, address: string): void {
  if (state !== 'active' || organization === undefined) return;
  if (!isWithin(policy.ipRanges, address)) throw new ApiError('network_refused');
}

/** The organization's own rules, on every request, so that a new rule holds at once. */
function requirePolicy({ policy, email, proofs }: FoundSession, address: string): void {
  if (!isWithin(policy.ipRanges, address)) throw new ApiError('network_refused');
  if (!isDomainAllowed(policy.emailDomains, email)) {
    const detail = `Allowed are addresses of: ${policy.emailDomains.join(', ')}.`;
    throw new ApiError('email_domain_refused', { detail });
  }
  if (!hasAllowedFactor(policy, proofs)) {
    const detail = `Allowed are: ${policy.allowedFactors.join(', ')}.`;
    throw new ApiError('factor_not_allowed', { detail });
  }
}

/** Whether an email address is of one of the domains; no domains allow every address. */
export function isDomainAllowed(domains: readonly string[], email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domains.length === 0 || domains.includes(domain);
}

function requireStepUp(session: FoundSession, act: StepUpAct): void {
  const { proofs } = session;
  // Whoever enrols a first factor has none to step up with.
  if (session.state === 'enrollment') return;
  if (act === 'add_factor' && mayReplaceFactor(session)) return;
  if (!isFresh(session)) throw new ApiError('step_up_required', { methods: ['passkey', 'totp'] });
  if (!touchesVault(act) || proofs.includes('password') || proofs.includes('totp')) return;
  const detail = 'Acts on the card vault need your password or a TOTP code beside the passkey.';
  throw new ApiError('step_up_required', { detail, methods: ['password', 'totp'] });
}

function isFresh({ factor, factorAt, nowMs, policy, proofs }: FoundSession): boolean {
  if (factor === undefined || factorAt === undefined) return false;
  // Who is shut out for want of an allowed factor enrols one by the factor they have.
  const counts = policy.allowedFactors.includes(factor) || !hasAllowedFactor(policy, proofs);
  return counts && nowMs - factorAt <= stepUpMinutes * 60_000;
}

/** How long after the beginning of a sign-in by recovery code one may enrol what was lost. */
const replaceMinutes = 15;

function mayReplaceFactor({ proofs, createdAt, nowMs }: FoundSession): boolean {
  return proofs.includes('recovery_code') && nowMs - createdAt <= replaceMinutes * 60_000;
}

const touchSession = statement(
  'sessions.touch',
  `UPDATE sessions SET last_used_at = now(), address = $2, user_agent = $3
   WHERE id = $1 AND ended_at IS NULL`,
);
/** A session in use is written at most this often, in milliseconds. */
const touchAfterMs = 30_000;

/** Notes that the session is in use. What a page asks for by itself does not keep it alive. */
async function touch(db: Database, request: FastifyRequest, found: FoundSession): Promise<void> {
  if (request.headers['payos-background'] !== undefined) return;
  if (found.nowMs - found.lastUsedAt < touchAfterMs) return;
  const device = userAgentOf(request) ?? null;
  await run(db.write, touchSession, [found.id, request.ip, device]);
}
