import type { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { Context, Scope } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { noKey, scopeOfKey } from './change-key.ts';

/** What was not used for so long is called unused, in days (as AWS and PCI DSS 8.2.6 have it). */
export const unusedDays = 90;
const usesMax = 100;

const selectUses = statement(
  'keys.uses',
  `SELECT host(address) AS address, user_agent, requests, first_used_at, last_used_at
   FROM api_key_uses WHERE organization_id = $1 AND key_id = $2
   ORDER BY last_used_at DESC LIMIT ${usesMax}`,
);
const selectGiven = statement(
  'keys.given',
  `SELECT id AS key_id, created_at, permissions FROM api_keys
   WHERE organization_id = $1 AND mode = $2 AND id = ANY($3)`,
);
const selectPermissionUses = statement(
  'keys.permission_uses',
  `SELECT key_id, permission, requests, last_used_at FROM api_key_permission_uses
   WHERE organization_id = $1 AND key_id = ANY($2)`,
);

type Given = { key_id: string; created_at: string; permissions: string[] };
type Use = { key_id: string; permission: string; requests: number; last_used_at: string };
type PermissionUse = schemas.ApiKeyUsage['permissions'][number];

/** Who uses a key and from where, and which of its permissions. @throws ApiError `not_found` */
export async function getKeyUsage(ctx: Context, id: string): Promise<schemas.ApiKeyUsage> {
  const scope = await scopeOfKey(ctx, id);
  const { read } = ctx.db;
  const [uses, permissions] = await Promise.all([
    read<schemas.ApiKeyUsage['uses'][number]>(selectUses, [scope.organization, id]),
    readPermissionUses(read, scope, [id]),
  ]);
  const own = permissions.get(id);
  if (own === undefined) throw noKey();
  return { last_used_at: uses[0]?.last_used_at ?? null, uses, permissions: own };
}

/** Which of their permissions keys use, by the key's id; those they use first. */
export async function readPermissionUses(
  query: Query,
  { organization, mode }: Scope,
  keys: readonly string[],
): Promise<ReadonlyMap<string, PermissionUse[]>> {
  const [given, uses] = await Promise.all([
    query<Given>(selectGiven, [organization, mode, keys]),
    query<Use>(selectPermissionUses, [organization, keys]),
  ]);
  const noted = new Map(uses.map((use) => [`${use.key_id} ${use.permission}`, use]));
  return new Map(
    given.map(({ key_id, created_at, permissions }) => [
      key_id,
      permissions
        .map((name) => describe(name, created_at, noted.get(`${key_id} ${name}`)))
        .sort((a, b) => (b.last_used_at ?? '').localeCompare(a.last_used_at ?? '')),
    ]),
  );
}

/** A row without requests says when the permission was given, see note-grants.ts. */
function describe(permission: string, created_at: string, use: Use | undefined): PermissionUse {
  const requests = use?.requests ?? 0;
  const since = use?.last_used_at ?? created_at;
  return {
    permission,
    requests,
    last_used_at: requests === 0 ? null : since,
    unused: isLongAgo(since),
  };
}

/** Whether something was used, or came to be, longer ago than {@link unusedDays}. */
export function isLongAgo(time: string): boolean {
  return clock.nowMs() - Date.parse(time) > unusedDays * 86_400_000;
}
