import {
  apiVersionLatest,
  isPermission,
  type Mode,
  type OperatorPermission,
  type Permission,
  type Standing,
  type VisitorPermission,
} from 'payos-contract';
import type { Database } from './db.ts';
import { ApiError } from './errors.ts';
import type { KeyLimits } from './key-limits.ts';
import type { Log } from './log.ts';
import type { SignedIn } from './signed-in.ts';

export type AnyPermission =
  | Permission
  | OperatorPermission
  | Standing
  | VisitorPermission
  | 'system';

/** Who acts. Goes into the audit log as `type` and `id`. */
export type Actor =
  | { type: 'api_key'; id: string; permissions: ReadonlySet<string>; limits?: KeyLimits }
  /** A person within an organization. */
  | { type: 'member'; id: string; permissions: ReadonlySet<string>; session: SignedIn }
  /** A person where no organization matters: their own account. */
  | { type: 'account'; id: string; session: SignedIn }
  /** Whoever holds the secret of a checkout session; the caps are those of the key that made it. */
  | {
      type: 'checkout_session';
      id: string;
      isOpen: boolean;
      /** What collects cards for the session: for its page, never to be logged. */
      collectingSecret: string;
      permissions: ReadonlySet<string>;
      limits: KeyLimits;
    }
  | { type: 'anonymous'; id: 'anonymous' }
  | { type: 'operator'; id: 'local' }
  | { type: 'system'; id: string };

/** An organization in one mode: the root of every query on a merchant's data. */
export type Scope = { readonly organization: string; readonly mode: Mode };

/** A request that carries an Idempotency-Key, from its first look-up to its stored answer. */
export type Idempotency = {
  readonly key: string;
  readonly route: string;
  readonly bodyHash: Buffer;
  readonly leaseMs: number;
  /** Turns what the verb returned into the stored answer. */
  readonly encode: (result: unknown) => { status: number; answer: Buffer };
};

/** What a verb knows about the request it serves. */
export type Context = {
  readonly db: Database;
  readonly log: Log;
  readonly actor: Actor;
  /** Undefined for operators, who stand outside every organization. */
  readonly scope: Scope | undefined;
  readonly requestId: string | undefined;
  readonly address: string | undefined;
  /** What the client says of itself, for the list of sessions. */
  readonly userAgent: string | undefined;
  readonly apiVersion: string;
  readonly idempotency: Idempotency | undefined;
};

/** A context within an organization; what the routes of merchants get. */
export type ScopedContext = Context & { readonly scope: Scope };

/** What PayOS does by itself, outside of every organization. `id` names the part that does it. */
export function systemContext({ db, log }: Pick<Context, 'db' | 'log'>, id: string): Context {
  return {
    db,
    log,
    actor: { type: 'system', id },
    scope: undefined,
    requestId: undefined,
    address: undefined,
    userAgent: undefined,
    apiVersion: apiVersionLatest,
    idempotency: undefined,
  };
}

/** The session of whoever asks. @throws ApiError `not_signed_in` */
export function sessionOf(ctx: Context): SignedIn {
  const { actor } = ctx;
  if (actor.type === 'member' || actor.type === 'account') return actor.session;
  throw new ApiError('not_signed_in');
}

/** Whether a key or a person holds a permission: for what is shown to those only who do. */
export function holds(actor: Actor, permission: Permission): boolean {
  return 'permissions' in actor && actor.permissions.has(permission);
}

/** Throws unless the actor holds the permission. */
export function requirePermission(actor: Actor, permission: AnyPermission): void {
  if (actor.type === 'system' || permission === 'anyone') return;
  if (actor.type === 'operator') {
    if (permission.startsWith('operator:')) return;
    throw refused(permission, 'which the operator does not have');
  }
  if (actor.type === 'checkout_session') {
    if (actor.permissions.has(permission)) return;
    throw refused(permission, 'which a checkout page does not have');
  }
  if (permission === 'sign_in' || permission === 'account') {
    requireSession(actor, permission);
    return;
  }
  if ((actor.type === 'api_key' || actor.type === 'member') && isPermission(permission)) {
    if (actor.permissions.has(permission)) return;
    const whose = actor.type === 'api_key' ? 'this key' : 'your role in this mode';
    throw refused(permission, `which ${whose} does not have`);
  }
  throw refused(permission, 'which nobody has here');
}

function requireSession(actor: Actor, permission: 'sign_in' | 'account'): void {
  if (actor.type === 'api_key') throw new ApiError('people_only');
  if (actor.type !== 'account' && actor.type !== 'member') throw new ApiError('not_signed_in');
  if (permission === 'account' && actor.session.state !== 'active') {
    throw new ApiError('sign_in_unfinished');
  }
}

function refused(permission: string, why: string): ApiError {
  const detail = `This needs the permission ${permission}, ${why}.`;
  return new ApiError('permission_denied', { detail });
}
