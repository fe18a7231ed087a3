import {
  builtInRoles,
  isBuiltInRole,
  isPermission,
  isWide,
  type Mode,
  type Permission,
  type schemas,
} from 'payos-contract';
import { type Database, run, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { SignedIn } from '../core/signed-in.ts';
import { csrfToken, hashToken } from './token.ts';

/** Rules of an organization that has set none of its own. */
export const defaultPolicy = {
  allowed_factors: ['passkey', 'totp'],
  idle_minutes: 15,
  session_hours: 12,
  email_domains: [] as readonly string[],
  ip_ranges: [] as readonly string[],
} as const;

/** How long a sign-in that was begun may take, in minutes. */
export const pendingMinutes = 10;

export type Policy = {
  allowedFactors: readonly string[];
  emailDomains: readonly string[];
  ipRanges: readonly string[];
};

/** A session with all that decides what it may do, as it is at this moment. */
export type FoundSession = SignedIn & {
  email: string;
  /** When it ends whatever happens, and when it ends unless it is used: Unix milliseconds. */
  expiresAt: number;
  idleExpiresAt: number;
  lastUsedAt: number;
  createdAt: number;
  nowMs: number;
  roles: Readonly<Record<Mode, string | undefined>>;
  permissions: Readonly<Record<Mode, ReadonlySet<Permission>>>;
  policy: Policy;
};

type Row = {
  id: string;
  account_id: string;
  organization_id: string | null;
  state: SignedIn['state'];
  proofs: schemas.Proof[];
  factor: SignedIn['factor'] | null;
  factor_at: string | null;
  created_at: string;
  last_used_at: string;
  ended_at: string | null;
  now: string;
  email: string;
  member_id: string | null;
  role_test: string | null;
  role_live: string | null;
  custom_test: string[] | null;
  custom_live: string[] | null;
  allowed_factors: string[] | null;
  idle_minutes: number | null;
  session_hours: number | null;
  email_domains: string[] | null;
  ip_ranges: string[] | null;
};

/** On the writing role: a session that was ended a moment ago must not live on in a replica. */
const selectSession = statement(
  'sessions.find',
  `SELECT s.id, s.account_id, s.organization_id, s.state, s.proofs, s.factor, s.factor_at,
     s.created_at, s.last_used_at,
     s.ended_at, now() AS now, a.email, m.id AS member_id, m.role_test, m.role_live,
     rt.permissions AS custom_test, rl.permissions AS custom_live, p.allowed_factors,
     p.idle_minutes, p.session_hours, p.email_domains, p.ip_ranges
   FROM sessions s
   JOIN accounts a ON a.id = s.account_id
   LEFT JOIN members m ON m.organization_id = s.organization_id AND m.account_id = s.account_id
     AND m.status = 'active'
     AND (m.sessions_valid_after IS NULL OR s.created_at > m.sessions_valid_after)
   LEFT JOIN roles rt ON rt.organization_id = m.organization_id AND rt.id = m.role_test
   LEFT JOIN roles rl ON rl.organization_id = m.organization_id AND rl.id = m.role_live
   LEFT JOIN security_policies p ON p.organization_id = s.organization_id
   WHERE s.token_hash = $1`,
);

/**
 * Looks a presented token up.
 *
 * @returns undefined when there is no such session; `expired` when there was one (ASVS 7.3.1,
 *   7.3.2; PCI DSS 8.2.8)
 */
export function findSession(
  db: Database,
  token: string,
): Promise<FoundSession | 'expired' | undefined> {
  return find(db, hashToken(token), csrfToken(token));
}

/** The same session again, with all that the request did not need to know. */
export async function rereadSession(db: Database, session: SignedIn): Promise<FoundSession> {
  const found = await find(db, session.tokenHash, session.csrfToken);
  if (typeof found !== 'object') throw new ApiError('session_expired');
  return found;
}

async function find(db: Database, tokenHash: Buffer, csrf: string) {
  const [row] = await run<Row>(db.write, selectSession, [tokenHash]);
  if (row === undefined) return undefined;
  const found = toSession(row, tokenHash, csrf);
  const inTime = found.nowMs < found.expiresAt && found.nowMs < found.idleExpiresAt;
  return row.ended_at === null && inTime ? found : 'expired';
}

function toSession(row: Row, tokenHash: Buffer, csrf: string): FoundSession {
  const nowMs = Date.parse(row.now);
  const createdMs = Date.parse(row.created_at);
  const lastUsedAt = Date.parse(row.last_used_at);
  const idle = (row.idle_minutes ?? defaultPolicy.idle_minutes) * 60_000;
  const whole = (row.session_hours ?? defaultPolicy.session_hours) * 3_600_000;
  const pending = createdMs + pendingMinutes * 60_000;
  return {
    id: row.id,
    account: row.account_id,
    state: row.state,
    proofs: row.proofs,
    factor: row.factor ?? undefined,
    factorAt: row.factor_at === null ? undefined : Date.parse(row.factor_at),
    organization: row.member_id === null ? undefined : (row.organization_id ?? undefined),
    member: row.member_id ?? undefined,
    tokenHash,
    csrfToken: csrf,
    email: row.email,
    expiresAt: row.state === 'active' ? createdMs + whole : pending,
    idleExpiresAt: lastUsedAt + idle,
    lastUsedAt,
    createdAt: createdMs,
    nowMs,
    roles: { test: row.role_test ?? undefined, live: row.role_live ?? undefined },
    permissions: permissionsByMode(row),
    policy: {
      allowedFactors: row.allowed_factors ?? defaultPolicy.allowed_factors,
      emailDomains: row.email_domains ?? defaultPolicy.email_domains,
      ipRanges: row.ip_ranges ?? defaultPolicy.ip_ranges,
    },
  };
}

type Grants = Pick<Row, 'role_test' | 'role_live' | 'custom_test' | 'custom_live'>;

/**
 * What the roles of a member grant in each mode. What is organization-wide comes from the live
 * role, in whichever mode one looks at it: a role in test mode never reaches beyond test mode.
 */
export function permissionsByMode(row: Grants): Record<Mode, ReadonlySet<Permission>> {
  const live = permissionsOfRole(row.role_live, row.custom_live);
  const test = permissionsOfRole(row.role_test, row.custom_test);
  const within = [...test].filter((name) => !isWide(name));
  return { live, test: new Set([...within, ...[...live].filter(isWide)]) };
}

function permissionsOfRole(role: string | null, custom: string[] | null): Set<Permission> {
  if (role === null) return new Set();
  if (isBuiltInRole(role)) return new Set<Permission>(builtInRoles[role].permissions);
  return new Set((custom ?? []).filter(isPermission));
}
