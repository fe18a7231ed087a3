import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { type Acting, requireOwn } from './acting.ts';
import { type Changing, changeKey, type KeyDependencies, refuseState } from './change-key.ts';
import { keysLyingOpen } from './exposed/lying-open.ts';
import { beyondOwner, readHolders } from './holders.ts';
import { type ApiKeyRow, apiKeyColumns, isOverdue, statusOf, toApiKey } from './key-row.ts';
import { noteGrants } from './note-grants.ts';
import { readKeyPolicy } from './policy/key-policy.ts';
import { checkPolicy } from './rules/check-policy.ts';
import { checkCustomers, checkRights } from './rules/check-rights.ts';
import { widenedFields } from './rules/widening.ts';
import { touchesCards } from './touches-cards.ts';

const update = statement(
  'keys.update',
  `UPDATE api_keys SET name = $3, service = $4, owner_id = $5, permissions = $6, ip_ranges = $7,
     allowed_origins = $8, amount_limits = $9, customers = $10, rate_limit = $11,
     expires_at = $12, updated_at = now()
   WHERE organization_id = $1 AND id = $2 RETURNING ${apiKeyColumns}`,
);

/**
 * Changes what a key may do, from where and until when, what it is called and whose it is.
 *
 * Nobody widens a key that may do more than they may do themselves; narrowing it is open to
 * whoever may change keys.
 *
 * @throws ApiError `not_found`, `key_state`, `key_overdue`, `more_than_own`,
 *   `key_policy_refused`, `card_key_exposed`, `invalid_request`
 */
export function updateKey(
  ctx: Context,
  deps: KeyDependencies,
  id: string,
  input: schemas.UpdateApiKey,
): Promise<schemas.ChangedApiKey> {
  return changeKey(ctx, deps, id, 'keys:write', async (key, changing) => {
    const { tx, scope, note } = changing;
    const status = statusOf(key);
    if (status === 'revoked' || status === 'expired') {
      refuseState(status, 'what it may do changes nothing any more.');
    }
    const wanted = await check(key, changing, input, deps.keyRate);
    const fields = changedFields(key, wanted);
    if (fields.length === 0) return { row: key, changed: [] };
    const [row] = await tx.query<ApiKeyRow>(update, [
      scope.organization,
      id,
      wanted.name,
      wanted.service,
      wanted.owner_id,
      wanted.permissions,
      wanted.ip_ranges,
      wanted.allowed_origins,
      JSON.stringify(wanted.amount_limits),
      wanted.customers,
      wanted.rate_limit,
      wanted.expires_at,
    ]);
    if (row === undefined) throw new Error('the key was not changed');
    await noteGrants(tx, key, wanted.permissions);
    tx.event({ type: 'api_key.updated', object: id, data: toApiKey(row), scope });
    const details = { from: pick(key, fields), to: pick(row, fields) };
    note({ action: 'api_key.update', object: id, details });
    return { row, changed: [id] };
  });
}

/** The key as it would be. @throws ApiError when it may not be so */
async function check(
  key: ApiKeyRow,
  { tx, scope, acting }: Changing,
  { owner, ...input }: schemas.UpdateApiKey,
  usualRate: number,
): Promise<ApiKeyRow> {
  const rights = checkRights(key.kind, key.mode, input);
  await checkCustomers(tx.query, scope, input.customers);
  const policy = await readKeyPolicy(tx.query, scope);
  checkPolicy(policy, key.kind, input, Date.parse(key.created_at));
  const { name = key.name, service = key.service } = input;
  const wanted: ApiKeyRow = { ...key, ...rights, name, service };
  const added = wanted.permissions.filter((one) => !key.permissions.includes(one));
  if (added.length > 0 && policy.on_overdue === 'freeze' && isOverdue(key)) {
    throw new ApiError('key_overdue');
  }
  await refuseExposed(tx, scope, key, added);
  requireNarrower(acting, key, wanted, usualRate);
  return owner === undefined || owner === key.owner_id
    ? wanted
    : adopt(acting, { ...wanted, owner_id: owner }, tx);
}

/** What closes the card gate is not made by way of a change, either. @throws `card_key_exposed` */
async function refuseExposed(
  tx: Changing['tx'],
  scope: Changing['scope'],
  { id }: ApiKeyRow,
  added: readonly string[],
): Promise<void> {
  if (!touchesCards(added)) return;
  const lyingOpen = await keysLyingOpen(tx, scope);
  if (lyingOpen.every((one) => one.id !== id)) return;
  const detail = 'It, or a key that made it, was seen where no secret may be.';
  throw new ApiError('card_key_exposed', { detail, fix: 'Revoke it, and make another.' });
}

/** Nobody adds what they do not have; what a key has beyond it is not made easier to do either. */
function requireNarrower(acting: Acting, from: ApiKeyRow, to: ApiKeyRow, usualRate: number) {
  const beyond = to.permissions.filter((name) => !acting.holds(name));
  const wider = widenedFields(from, to, usualRate);
  if (beyond.length === 0 || wider.length === 0) return;
  const detail = `You do not have: ${beyond.join(', ')}. So you may not widen ${wider.join(', ')}.`;
  throw new ApiError('more_than_own', { detail });
}

/** Gives a key to another member, who must have all that it may do. */
async function adopt(acting: Acting, key: ApiKeyRow, { query }: Changing['tx']) {
  requireOwn(acting, key.permissions);
  const { owner_id: id } = key;
  if (id === null) throw new Error('a key is given to somebody');
  const owner = (await readHolders(query, key.organization_id, [id])).get(id);
  if (owner === undefined || !owner.active) {
    const message = 'There is no such active member.';
    throw fieldError('/owner', 'unknown', message, 'Name a member that GET /v1/members lists.');
  }
  const lacking = beyondOwner(key, owner);
  if (lacking.length === 0) return key;
  const detail = `The new owner does not have: ${lacking.join(', ')}.`;
  throw new ApiError('more_than_own', { detail });
}

const changeable = [
  'name',
  'service',
  'owner_id',
  'permissions',
  'ip_ranges',
  'allowed_origins',
  'amount_limits',
  'customers',
  'rate_limit',
  'expires_at',
] as const;
type Field = (typeof changeable)[number];

function changedFields(from: ApiKeyRow, to: ApiKeyRow): Field[] {
  return changeable.filter((name) => textOf(from, name) !== textOf(to, name));
}

/** Permissions and limits are sets; times are compared as times. */
function textOf(key: ApiKeyRow, name: Field): string {
  if (name === 'permissions') return [...key.permissions].sort().join();
  if (name === 'amount_limits') {
    const limits = key.amount_limits.map((one) => [one.currency, one.per_payment, one.per_day]);
    return limits.map(String).sort().join(';');
  }
  if (name === 'expires_at') return String(key.expires_at && Date.parse(key.expires_at));
  return JSON.stringify(key[name]);
}

function pick(key: ApiKeyRow, fields: readonly Field[]): Partial<ApiKeyRow> {
  return Object.fromEntries(fields.map((name) => [name, key[name]]));
}
