import type { Permission, schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import {
  type Context,
  requirePermission,
  type Scope,
  type ScopedContext,
} from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import { type Acting, findActing, permissionFor, requireOwn } from './acting.ts';
import { announceChange, type KeyChange } from './announce-change.ts';
import { holdKey, type KeyDependencies, refuseState, scopeOfKey } from './change-key.ts';
import { requireRoom } from './create-key.ts';
import { recipientOf } from './encrypt-to.ts';
import { requireKey } from './get-key.ts';
import { readHolders } from './holders.ts';
import { type ApiKeyRow, apiKeyColumns, statusOf, toApiKey } from './key-row.ts';
import { mintKey, provingOf, withSecret } from './mint-key.ts';
import { readKeyPolicy } from './policy/key-policy.ts';
import { checkExpiry, checkPolicy, latestExpiry } from './rules/check-policy.ts';
import { tellOfRotation } from './tell-of-making.ts';

/** How long both work unless said otherwise, in seconds. */
const usualOverlap = 86_400;

/** In whole milliseconds, as times are shown: what is shown as over is over. */
const retire = statement(
  'keys.retire',
  `UPDATE api_keys SET successor_id = $3, updated_at = now(), retires_at = least(expires_at,
     date_trunc('milliseconds', clock_timestamp()) + $4 * interval '1 second')
   WHERE organization_id = $1 AND id = $2 RETURNING ${apiKeyColumns}`,
);

/** Not held: whoever revokes a chain of keys holds the older before the newer. */
const selectPredecessor = statement(
  'keys.predecessor',
  `SELECT ${apiKeyColumns} FROM api_keys WHERE organization_id = $1 AND id = $2`,
);

/**
 * Replaces a key: the successor has the same rights, and the old key works on beside it for a
 * while. Of two rotations at once one is refused.
 *
 * @throws ApiError `not_found`, `key_state`, `key_rotated_already`, `more_than_own`,
 *   `key_policy_refused`, `key_limit_reached`
 */
export async function rotateKey(
  ctx: Context,
  deps: KeyDependencies,
  id: string,
  input: schemas.RotateApiKey,
): Promise<schemas.RotatedApiKey> {
  const scope = await scopeOfKey(ctx, id);
  const which = { scope, id, permission: 'keys:write' } as const;
  return succeed(ctx, deps, which, input, async (tx, hold) => {
    // Before the key is held: every change of keys takes its turn in this order.
    const acting = await findActing(tx, ctx, scope, 'keys:write');
    const key = await hold();
    requireOwn(acting, key.permissions);
    // Two of a chain take the place of one; a third needs a place of its own.
    if (acting.member !== undefined && (await livingPredecessor(tx, key))) {
      await requireRoom(tx, scope);
    }
    const policy = await readKeyPolicy(tx.query, scope);
    const { expires_at } = input;
    // What the rules ask of new keys is set first: people are there to do it.
    const { ip_ranges, service } = key;
    const asked = { ip_ranges, service, ...(expires_at === undefined ? {} : { expires_at }) };
    checkPolicy(policy, key.kind, asked, clock.nowMs());
    return {
      key,
      owner_id: await ownerAfter(tx, acting, key),
      expires_at:
        expires_at === undefined
          ? earlier(asLongAgain(key), latestExpiry(policy, key.kind))
          : checkExpiry(expires_at),
    };
  });
}

/**
 * A key replaces itself. It gains nothing by it: not a right, not a day of its life, and no third
 * key while its own predecessor still works.
 *
 * @throws ApiError `keys_only`, `key_state`, `key_rotated_already`
 */
export function rollKey(
  ctx: ScopedContext,
  deps: KeyDependencies,
  input: schemas.RollApiKey,
): Promise<schemas.RotatedApiKey> {
  const { scope, actor } = ctx;
  const self = { scope, id: requireKey(ctx), permission: 'keys:roll_self' } as const;
  return succeed(ctx, deps, self, input, async (tx, hold) => {
    const key = await hold();
    if (actor.type !== 'api_key') throw new ApiError('keys_only');
    // Whoever could sign once would go on with a key pair of their own.
    if (key.kind === 'signing') refuseState('active', 'a signing key is rotated by people.');
    // As it is now: the right may have been taken away while the request was under way.
    requirePermission({ ...actor, permissions: new Set(key.permissions) }, 'keys:roll_self');
    await requireLast(tx, key);
    const latest = latestExpiry(await readKeyPolicy(tx.query, scope), key.kind);
    return { key, owner_id: key.owner_id, expires_at: earlier(key.expires_at, latest) };
  });
}

/** The day's cap goes on, and it stays known who made the key. */
function continuing({ id, spending_key_id }: ApiKeyRow, permission: Permission) {
  const rolled_by_self = permission === 'keys:roll_self';
  return { predecessor_id: id, spending_key_id: spending_key_id ?? id, rolled_by_self };
}

type Which = { scope: Scope; id: string; permission: Permission };
type Decided = { key: ApiKeyRow } & Pick<ApiKeyRow, 'owner_id' | 'expires_at'>;
/** Holds the key, which must be one that can be replaced. */
type Hold = () => Promise<ApiKeyRow>;

async function succeed(
  ctx: Context,
  deps: KeyDependencies,
  { scope, id, permission }: Which,
  { overlap_seconds = usualOverlap, public_key, encrypt_to }: schemas.RotateApiKey,
  decide: (tx: Tx, hold: Hold) => Promise<Decided>,
): Promise<schemas.RotatedApiKey> {
  const told: KeyChange[] = [];
  const recipient = await recipientOf(encrypt_to);
  const rotated = await mutate<schemas.RotatedApiKey>(
    ctx,
    { permission: permissionFor(ctx, permission), scope, audit: notesOf(overlap_seconds) },
    async (tx) => {
      const { key, ...differences } = await decide(tx, async () => {
        const held = await holdKey(tx, scope, id);
        requireReplaceable(held);
        return held;
      });
      const proving = provingOf(key.kind, public_key);
      const spec = { ...key, ...differences, ...proving, ...continuing(key, permission) };
      const minted = await mintKey(tx, deps.pepper, scope, spec);
      const values = [scope.organization, id, minted.row.id, overlap_seconds];
      const [row] = await tx.query<ApiKeyRow>(retire, values);
      if (row === undefined) throw new Error('the key was not rotated');
      told.push(await announceChange(tx, scope, id));
      const [predecessor, successor] = [toApiKey(row), toApiKey(minted.row)];
      tx.event({ type: 'api_key.created', object: successor.id, data: successor, scope });
      tx.event({ type: 'api_key.rotated', object: id, data: predecessor, scope });
      await tellOfRotation(tx, ctx, deps.sealer, row, successor);
      return { predecessor, successor: await withSecret(minted, recipient) };
    },
  );
  // Who wants it to end at once wants to know that it has.
  const [last] = told;
  if (overlap_seconds === 0 && last !== undefined) await deps.propagating.awaitPropagation(last);
  return rotated;
}

const notesOf =
  (overlap_seconds: number) =>
  ({ predecessor, successor }: schemas.RotatedApiKey): AuditNote[] => {
    const { id, name, kind, permissions, owner } = successor;
    const details = { name, kind, permissions, owner, predecessor: predecessor.id };
    return [
      {
        action: 'api_key.rotate',
        object: predecessor.id,
        details: { successor: id, overlap_seconds },
      },
      { action: 'api_key.create', object: id, details },
    ];
  };

function requireReplaceable(key: ApiKeyRow): void {
  const status = statusOf(key);
  if (status === 'revoked' || status === 'expired' || status === 'disabled') {
    refuseState(status, 'only one that works is rotated. Make a new one.');
  }
  if (key.successor_id === null) return;
  throw new ApiError('key_rotated_already', { detail: `Its successor is ${key.successor_id}.` });
}

/** A program that rolls itself in a loop holds two keys at any time, not more and more. */
async function requireLast(tx: Tx, key: ApiKeyRow): Promise<void> {
  const predecessor = await livingPredecessor(tx, key);
  if (predecessor === undefined) return;
  const { id, ends_at } = predecessor;
  const detail = `Its own predecessor ${id} still works, until ${ends_at}.`;
  throw new ApiError('key_state', { detail });
}

async function livingPredecessor(tx: Tx, { organization_id, predecessor_id: id }: ApiKeyRow) {
  if (id === null) return undefined;
  const [predecessor] = await tx.query<ApiKeyRow>(selectPredecessor, [organization_id, id]);
  if (predecessor === undefined) return undefined;
  const status = statusOf(predecessor);
  return status === 'revoked' || status === 'expired' ? undefined : predecessor;
}

/** A key whose owner is gone belongs to whoever takes the trouble to rotate it. */
async function ownerAfter(tx: Tx, { member }: Acting, key: ApiKeyRow): Promise<string | null> {
  const { organization_id: organization, owner_id: owner } = key;
  if (owner === null) return member ?? null;
  const holder = (await readHolders(tx.query, organization, [owner])).get(owner);
  return holder?.active === true ? owner : (member ?? owner);
}

/** The end of a life that is as long as the one before. Null: no end. */
function asLongAgain({ created_at, expires_at }: ApiKeyRow): string | null {
  if (expires_at === null) return null;
  const life = Date.parse(expires_at) - Date.parse(created_at);
  return new Date(clock.nowMs() + life).toISOString();
}

/** Null is never. */
function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) < Date.parse(other) ? one : other;
}
