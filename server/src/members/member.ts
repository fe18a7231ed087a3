import type { schemas } from 'payos-contract';
import { defaultPolicy } from '../access/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { findStanding, type Standing } from './standing.ts';

type Row = {
  id: string;
  account_id: string;
  name: string;
  email: string;
  role_test: string | null;
  role_live: string | null;
  status: schemas.Member['status'];
  locked_until: string | null;
  passkeys: number;
  totp: boolean;
  recovery_codes: number;
  last_seen_at: string | null;
  sessions: number;
  invited_by: string | null;
  created_at: string;
  disabled_at: string | null;
};

const { idle_minutes: idle, session_hours: hours } = defaultPolicy;
const select = `SELECT m.id, m.account_id, a.name, a.email, m.role_test, m.role_live, m.status,
    CASE WHEN a.locked_until > now() THEN a.locked_until END AS locked_until,
    (SELECT count(*)::integer FROM passkeys k WHERE k.account_id = a.id) AS passkeys,
    EXISTS (SELECT 1 FROM totp_factors t WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL)
      AS totp,
    (SELECT count(*)::integer FROM recovery_codes c
      WHERE c.account_id = a.id AND c.used_at IS NULL) AS recovery_codes,
    seen.last_seen_at, seen.sessions, m.invited_by, m.created_at, m.disabled_at
  FROM members m
  JOIN accounts a ON a.id = m.account_id
  LEFT JOIN security_policies p ON p.organization_id = m.organization_id
  CROSS JOIN LATERAL (
    SELECT max(s.last_used_at) AS last_seen_at,
      (count(*) FILTER (WHERE s.ended_at IS NULL
        AND s.last_used_at > now() - coalesce(p.idle_minutes, ${idle}) * interval '1 minute'
        AND s.created_at > now() - coalesce(p.session_hours, ${hours}) * interval '1 hour'
      ))::integer AS sessions
    FROM sessions s WHERE s.account_id = a.id AND s.organization_id = m.organization_id
      AND s.state = 'active'
  ) seen
  WHERE m.organization_id = $1`;
const selectMembers = statement('members.list', `${select} ORDER BY m.created_at, m.id`);
const selectMember = statement('members.get', `${select} AND m.id = $2`);

function toMember(row: Row): schemas.Member {
  const { account_id, role_test, role_live, passkeys, totp, recovery_codes, ...rest } = row;
  return {
    object: 'member',
    account: account_id,
    roles: { test: role_test, live: role_live },
    factors: { passkeys, totp, recovery_codes },
    ...rest,
  };
}

/** Everybody who belongs to the organization, or did, oldest first. */
export async function listMembers(ctx: ScopedContext): Promise<{ data: schemas.Member[] }> {
  const rows = await ctx.db.read<Row>(selectMembers, [ctx.scope.organization]);
  return { data: rows.map(toMember) };
}

/** @throws ApiError `not_found` */
export async function getMember(ctx: ScopedContext, id: string): Promise<schemas.Member> {
  return readMember(ctx.db.read, ctx.scope.organization, id);
}

/** A member as the API shows them. @throws ApiError `not_found` */
export async function readMember(
  query: Query,
  organization: string,
  id: string,
): Promise<schemas.Member> {
  const [row] = await query<Row>(selectMember, [organization, id]);
  if (row === undefined) throw noMember();
  return toMember(row);
}

/** The member that a change is about. @throws ApiError `not_found` */
export async function requireStanding(
  query: Query,
  organization: string,
  id: string,
): Promise<Standing> {
  const standing = await findStanding(query, organization, id);
  if (standing === undefined) throw noMember();
  return standing;
}

/** Another organization's member is none. */
function noMember(): ApiError {
  return new ApiError('not_found', { detail: 'No such member in this organization.' });
}
