import type { Mode, OperatorPermission, Permission } from 'payos-contract';
import type { Database } from './db.ts';
import { ApiError } from './errors.ts';
import type { Log } from './log.ts';

export type AnyPermission = Permission | OperatorPermission | 'system';

/** Who acts. Goes into the audit log as `type` and `id`. */
export type Actor =
  | { type: 'api_key'; id: string; permissions: ReadonlySet<string> }
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
  readonly apiVersion: string;
  readonly idempotency: Idempotency | undefined;
};

/** A context within an organization; what the routes of merchants get. */
export type ScopedContext = Context & { readonly scope: Scope };

/** Throws unless the actor holds the permission. */
export function requirePermission(actor: Actor, permission: AnyPermission): void {
  if (actor.type === 'system') return;
  if (actor.type === 'operator') {
    if (permission.startsWith('operator:')) return;
  } else if (permission !== 'system' && actor.permissions.has(permission)) {
    return;
  }
  throw new ApiError('permission_denied', {
    detail: `This needs the permission ${permission}, which this key does not have.`,
  });
}
