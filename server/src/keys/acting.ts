import type { Permission } from 'payos-contract';
import { type Context, requirePermission, type Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { readHolders } from './holders.ts';

/** Whoever changes a key, with what they may do at the moment of the change. */
export type Acting = {
  /** Undefined: an operator, PayOS itself, or the key. */
  member: string | undefined;
  holds: (permission: string) => boolean;
};

const lock = statement(
  'keys.lock_organization',
  'SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE',
);

/** Operators change keys by a permission of their own, and grant what they like. */
export function permissionFor(ctx: Context, permission: Permission) {
  return ctx.actor.type === 'operator' ? 'operator:keys' : permission;
}

/**
 * Takes turns with every other change of who may do what in the organization, and reads again what
 * the acting member may do: a permission that was taken away while the request was under way does
 * not end up in a key.
 *
 * @throws ApiError `permission_denied`, `no_organization`
 */
export async function findActing(
  tx: Tx,
  ctx: Context,
  { organization, mode }: Scope,
  permission: Permission,
): Promise<Acting> {
  await tx.query(lock, [organization]);
  const { actor } = ctx;
  if (actor.type !== 'member') return actingNow(ctx);
  const self = (await readHolders(tx.query, organization, [actor.id])).get(actor.id);
  if (self === undefined || !self.active) throw new ApiError('no_organization');
  const held: ReadonlySet<string> = self.permissions[mode];
  requirePermission({ ...actor, permissions: held }, permission);
  return { member: actor.id, holds: (name) => held.has(name) };
}

/** Whoever acts, as the request found them: enough for what only takes something away. */
export function actingNow({ actor }: Context): Acting {
  const member = actor.type === 'member' ? actor.id : undefined;
  const held = 'permissions' in actor ? actor.permissions : undefined;
  return { member, holds: (name) => held?.has(name) ?? true };
}

/** @throws ApiError `more_than_own`, naming what the acting member does not have */
export function requireOwn({ holds }: Acting, permissions: readonly string[]): void {
  const lacking = permissions.filter((name) => !holds(name));
  if (lacking.length === 0) return;
  const detail = `You do not have: ${lacking.join(', ')}.`;
  throw new ApiError('more_than_own', { detail });
}
