import type { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { Context, Scope, ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { findOrganization } from '../organizations/index.ts';
import { type Acting, findActing, permissionFor, requireOwn } from './acting.ts';
import type { KeyDependencies } from './change-key.ts';
import { recipientOf } from './encrypt-to.ts';
import { isLiving } from './ends-at.ts';
import { findOwner } from './find-owner.ts';
import { toApiKey } from './key-row.ts';
import { mintKey, type NewKey, type Proving, provingOf, withSecret } from './mint-key.ts';
import { readKeyPolicy } from './policy/key-policy.ts';
import { checkPolicy, latestExpiry } from './rules/check-policy.ts';
import { checkCustomers, checkRights, usualPermissions } from './rules/check-rights.ts';
import { tellOfMaking } from './tell-of-making.ts';

/** How many living keys an organization may have in one mode, by its members. */
const livingKeysMax = 200;

const countLiving = statement(
  'keys.count_living',
  `SELECT count(*)::integer AS count FROM api_keys
   WHERE organization_id = $1 AND mode = $2 AND ${isLiving}`,
);

/** Mints an API key for the mode one is working in. The acting member is its owner. */
export function createKey(
  ctx: ScopedContext,
  deps: KeyDependencies,
  input: schemas.CreateApiKey,
): Promise<schemas.ApiKeyWithSecret> {
  return create(ctx, deps, ctx.scope, input, undefined);
}

/** Mints an API key for an organization, as the operator of the machine. */
export async function createKeyByOperator(
  ctx: Context,
  deps: KeyDependencies,
  { organization, mode, owner, ...input }: schemas.OperatorCreateApiKey,
): Promise<schemas.ApiKeyWithSecret> {
  const scope = { organization: await findOrganization(ctx, organization), mode };
  const found = await findOwner(ctx, scope.organization, owner);
  return create(ctx, deps, scope, input, found);
}

/**
 * @param owner of an operator's key; null: nobody
 * @throws ApiError `more_than_own`, `key_policy_refused`, `key_limit_reached`, `invalid_request`
 */
async function create(
  ctx: Context,
  { pepper, sealer }: KeyDependencies,
  scope: Scope,
  input: schemas.CreateApiKey,
  owner: string | null | undefined,
): Promise<schemas.ApiKeyWithSecret> {
  const proving = provingOf(input.kind ?? 'secret', input.public_key);
  const { kind } = proving;
  const recipient = await recipientOf(input.encrypt_to);
  return mutate(
    ctx,
    {
      permission: permissionFor(ctx, 'keys:write'),
      scope,
      audit: ({ id, name, permissions, ...created }) => ({
        action: 'api_key.create',
        object: id,
        details: { name, kind, permissions, owner: created.owner },
      }),
    },
    async (tx) => {
      const acting = await findActing(tx, ctx, scope, 'keys:write');
      const spec = await specOf(tx, acting, scope, { ...input, kind });
      if (acting.member !== undefined) await requireRoom(tx, scope);
      const owner_id = owner ?? acting.member ?? null;
      const minted = await mintKey(tx, pepper, scope, { ...spec, ...proving, owner_id });
      const data = toApiKey(minted.row);
      tx.event({ type: 'api_key.created', object: data.id, data, scope });
      await tellOfMaking(tx, ctx, sealer, minted.row);
      return withSecret(minted, recipient);
    },
  );
}

async function specOf(
  tx: Tx,
  acting: Acting,
  scope: Scope,
  input: schemas.CreateApiKey & { kind: NewKey['kind'] },
): Promise<Omit<NewKey, keyof Proving | 'owner_id'>> {
  const { kind, name, service = null } = input;
  const rights = checkRights(kind, scope.mode, input);
  await checkCustomers(tx.query, scope, input.customers);
  const policy = await readKeyPolicy(tx.query, scope);
  const { expires_at = latestExpiry(policy, kind), ip_ranges = [] } = rights;
  checkPolicy(policy, kind, { expires_at, ip_ranges, service }, clock.nowMs());
  const usual = usualPermissions(kind, scope.mode).filter(acting.holds);
  const { permissions = usual } = rights;
  requireOwn(acting, permissions);
  if (permissions.length === 0) {
    const message = 'Nothing that such a key usually may do is among what you may do.';
    throw fieldError('/permissions', 'missing', message, 'Name permissions that you have.');
  }
  const none = { allowed_origins: [], amount_limits: [], customers: [], rate_limit: null };
  const given = { ...rights, permissions: [...permissions], expires_at, ip_ranges };
  return { name, service, predecessor_id: null, ...none, ...given };
}

/** Operators are not held to it: it keeps one organization from filling their machine. */
export async function requireRoom(tx: Tx, { organization, mode }: Scope): Promise<void> {
  const [living] = await tx.query<{ count: number }>(countLiving, [organization, mode]);
  if ((living?.count ?? 0) < livingKeysMax) return;
  throw new ApiError('key_limit_reached', { detail: `There may be ${livingKeysMax}.` });
}
