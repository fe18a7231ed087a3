import type { KeyObject } from 'node:crypto';
import type { Permission, schemas } from 'payos-contract';
import type { Context, Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { type Acting, actingNow, findActing, permissionFor } from './acting.ts';
import { announceChange, type KeyChange } from './announce-change.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

/** How far changes have come in the processes that remember keys. */
type Propagating = {
  /** Waits for acknowledgements, but not long: what is missing by then is in the answer. */
  awaitPropagation: (change: KeyChange) => Promise<schemas.Propagation>;
  /** Of the last change of a key; null while there was none. */
  readPropagation: (scope: Scope, key: string) => Promise<schemas.ApiKeyDetail['last_change']>;
};

export type KeyDependencies = {
  pepper: KeyObject;
  sealer: Sealer;
  propagating: Propagating;
  /** Requests per second of a key that has no limit of its own. */
  keyRate: number;
};

const lockKey = statement(
  'keys.lock',
  `SELECT ${apiKeyColumns} FROM api_keys
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR UPDATE`,
);
const selectScope = statement(
  'keys.scope',
  'SELECT organization_id AS organization, mode FROM api_keys WHERE id = $1',
);

/** Another organization's key, or one of the other mode, is none. */
export function noKey(): ApiError {
  return new ApiError('not_found', { detail: 'No such API key in this organization and mode.' });
}

/** Where a key is, for those who stand outside of every organization. @throws `not_found` */
export async function scopeOfKey(ctx: Context, id: string): Promise<Scope> {
  if (ctx.scope !== undefined) return ctx.scope;
  const [scope] = await ctx.db.read<Scope>(selectScope, [id]);
  if (scope === undefined) throw noKey();
  return scope;
}

/** The key, held until the transaction ends: changes of one key take turns. @throws `not_found` */
export async function holdKey(tx: Tx, { organization, mode }: Scope, id: string) {
  const [row] = await tx.query<ApiKeyRow>(lockKey, [organization, mode, id]);
  if (row === undefined) throw noKey();
  return row;
}

/** Refuses what only works with keys in certain states. @throws ApiError `key_state` */
export function refuseState(status: schemas.ApiKey['status'], what: string): never {
  throw new ApiError('key_state', { detail: `The key is ${status}: ${what}` });
}

export type Changing = { tx: Tx; scope: Scope; acting: Acting; note: (note: AuditNote) => void };
type Outcome = {
  row: ApiKeyRow;
  /** Which keys changed, the predecessor of each before it. */
  changed: readonly string[];
};

/**
 * Changes a key that exists, and every process is told of it. The answer comes when all have
 * heard, or after a moment with what is known by then.
 *
 * @param permission of members; what is taken with `keys:revoke` is granted to nobody, so that
 *   such a change waits for no other change of people
 */
export async function changeKey(
  ctx: Context,
  { propagating }: KeyDependencies,
  id: string,
  permission: Extract<Permission, 'keys:write' | 'keys:revoke'>,
  change: (key: ApiKeyRow, changing: Changing) => Promise<Outcome>,
): Promise<schemas.ChangedApiKey> {
  const scope = await scopeOfKey(ctx, id);
  const notes: AuditNote[] = [];
  const told: KeyChange[] = [];
  const changed = await mutate(
    ctx,
    { permission: permissionFor(ctx, permission), scope, audit: () => notes },
    async (tx): Promise<schemas.ChangedApiKey> => {
      const grants = permission === 'keys:write';
      const acting = grants ? await findActing(tx, ctx, scope, permission) : actingNow(ctx);
      const key = await holdKey(tx, scope, id);
      const note = (entry: AuditNote) => notes.push(entry);
      const outcome = await change(key, { tx, scope, acting, note });
      for (const one of outcome.changed) told.push(await announceChange(tx, scope, one));
      return { ...toApiKey(outcome.row), propagation: begun(told.at(-1)) };
    },
  );
  const last = told.at(-1);
  const propagation =
    last === undefined
      ? ((await propagating.readPropagation(scope, id)) ?? begun(last))
      : await propagating.awaitPropagation(last);
  return { ...changed, propagation };
}

/** What is known of a change while it is being made; a replayed answer says this. */
function begun(change: KeyChange | undefined): schemas.Propagation {
  return { nodes: change?.nodes.length ?? 0, acknowledged: 0, milliseconds: null, waiting: [] };
}
