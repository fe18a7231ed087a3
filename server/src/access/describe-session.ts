import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import { Reply } from '../core/http/route.ts';
import { type AccountRow, toAccount } from './account.ts';
import { sessionCookie } from './cookie.ts';
import type { AccessDependencies } from './dependencies.ts';
import { type FoundSession, findSession, rereadSession } from './find-session.ts';
import { wrongCodesMax } from './totp.ts';

type Row = AccountRow & {
  has_passkey: boolean;
  has_totp: boolean;
  has_codes: boolean;
  organizations: { id: string; name: string }[];
  factor_reset: 'pending' | 'approved' | 'refused' | null;
};

const selectPerson = statement(
  'sessions.person',
  `SELECT a.id, a.email, a.name, a.password_changed_at, a.created_at,
     EXISTS (SELECT FROM passkeys k WHERE k.account_id = a.id) AS has_passkey,
     EXISTS (SELECT FROM totp_factors t
       WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL
         AND t.failed_attempts < ${wrongCodesMax}) AS has_totp,
     EXISTS (SELECT FROM recovery_codes c
       WHERE c.account_id = a.id AND c.used_at IS NULL) AS has_codes,
     coalesce((SELECT json_agg(json_build_object('id', o.id, 'name', o.name) ORDER BY o.name, o.id)
       FROM members m JOIN organizations o ON o.id = m.organization_id
       WHERE m.account_id = a.id AND m.status = 'active'), '[]') AS organizations,
     (SELECT f.status FROM factor_resets f WHERE f.account_id = a.id
       ORDER BY f.created_at DESC, f.id DESC LIMIT 1) AS factor_reset
   FROM accounts a WHERE a.id = $1`,
);

/** Nobody is signed in. */
export function noSession(canMail: boolean): schemas.Session {
  return {
    object: 'session',
    state: 'none',
    csrf_token: null,
    account: null,
    member: null,
    organization: null,
    organizations: [],
    roles: { test: null, live: null },
    permissions: { test: [], live: [] },
    factors: [],
    proofs: [],
    factor_at: null,
    factor_reset: null,
    idle_expires_at: null,
    expires_at: null,
    mail: canMail,
  };
}

/** A session as its person sees it. Before the sign-in is finished, nothing of any organization. */
async function describeSession(
  ctx: Context,
  deps: AccessDependencies,
  session: FoundSession,
): Promise<schemas.Session> {
  const [row] = await run<Row>(ctx.db.write, selectPerson, [session.account]);
  if (row === undefined) throw new Error('a session without an account');
  const active = session.state === 'active';
  return {
    ...noSession(deps.canMail),
    state: session.state,
    csrf_token: session.csrfToken,
    account: toAccount(row),
    ...(active ? within(session, row) : {}),
    factors: factorsOf(row, session.state),
    proofs: [...session.proofs],
    factor_at: timeOf(session.factorAt),
    factor_reset: active ? null : row.factor_reset,
    idle_expires_at: timeOf(session.idleExpiresAt),
    expires_at: timeOf(session.expiresAt),
  };
}

function within(session: FoundSession, { organizations }: Row): Partial<schemas.Session> {
  const { permissions, roles } = session;
  return {
    member: session.member ?? null,
    organization: organizations.find(({ id }) => id === session.organization) ?? null,
    organizations,
    roles: { test: roles.test ?? null, live: roles.live ?? null },
    permissions: { test: [...permissions.test], live: [...permissions.live] },
  };
}

/** What can be given now: to finish the sign-in, or to step up, where a recovery code is no use. */
function factorsOf(row: Row, state: FoundSession['state']): schemas.FactorKind[] {
  const factors: schemas.FactorKind[] = [];
  if (row.has_passkey) factors.push('passkey');
  if (row.has_totp) factors.push('totp');
  if (row.has_codes && state === 'second_factor') factors.push('recovery_code');
  return factors;
}

const timeOf = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

/** The session of whoever asks, or that there is none. */
export async function describeOwnSession(
  ctx: Context,
  deps: AccessDependencies,
): Promise<schemas.Session> {
  const { actor } = ctx;
  if (actor.type !== 'account') return noSession(deps.canMail);
  return describeSession(ctx, deps, await rereadSession(ctx.db, actor.session));
}

/** The session that a step has brought about. @throws Error when the token is none of a session */
export async function readSession(
  ctx: Context,
  deps: AccessDependencies,
  token: string,
): Promise<schemas.Session> {
  const found = await findSession(ctx.db, token);
  if (typeof found !== 'object') throw new Error('a session ended as it began');
  return describeSession(ctx, deps, found);
}

/** Answers a step: the session as it is now, and its new token as a cookie. */
export async function answerSession(
  ctx: Context,
  deps: AccessDependencies,
  token: string,
): Promise<Reply> {
  return new Reply(200, await readSession(ctx, deps, token), sessionCookie(token));
}
