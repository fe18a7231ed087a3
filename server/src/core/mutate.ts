import type pg from 'pg';
import { type AuditPlace, writeAudit } from './audit-write.ts';
import {
  type Actor,
  type AnyPermission,
  type Context,
  requirePermission,
  type Scope,
} from './context.ts';
import type { Query, Row, Statement, Value } from './db.ts';
import { begin, commit, Gate, type Landed } from './flight.ts';
import { claimIdempotency, claimRefused, finishIdempotency } from './idempotency.ts';
import { type NewEvent, writeEvent } from './outbox.ts';

/** The writable handle. Exists only inside {@link mutate}. */
export type Tx = {
  readonly query: Query;
  /** Records a fact; it is committed with the change, or not at all. */
  readonly event: (event: NewEvent) => void;
};

type Mutation<T> = {
  permission: AnyPermission;
  /**
   * What the audit log says. A note that is ready beforehand promises that the whole change is:
   * then everything, COMMIT included, travels at once, and `change` may not ask for anything after
   * its first `await`.
   */
  audit: AuditNote | ((result: T) => AuditNote | readonly AuditNote[] | undefined);
  /** Needed where the context has none (operators, jobs). */
  scope?: Scope | undefined;
  /**
   * Concerns the organization as a whole: its audit entry has no mode, and its events go to the
   * endpoints of live mode.
   */
  wide?: true;
  /**
   * Which part of an idempotent request this is. A verb that calls the outside world has two
   * mutates: the first claims the key for the object it creates, the second stores the answer.
   */
  part?: 'whole' | 'last' | 'none' | { first: string };
};

export type AuditNote = {
  action: string;
  object?: string;
  details?: Record<string, unknown>;
  /** Whose log it is, where that is not the scope of the mutation. */
  where?: AuditPlace;
  /** Who it was, where the context could not know yet: somebody who has just signed in. */
  actor?: { type: Actor['type']; id: string };
};

/**
 * The only way for a verb to change anything: checks the permission, opens the transaction, and
 * commits the change, its audit entry, its events and its idempotency record together or not at
 * all.
 *
 * @throws ApiError `permission_denied` before anything is written
 */
export async function mutate<T>(
  ctx: Context,
  mutation: Mutation<T>,
  change: (tx: Tx) => Promise<T>,
): Promise<T> {
  requirePermission(ctx.actor, mutation.permission);
  const client = await ctx.db.write.connect();
  let broken: Error | undefined;
  try {
    return await transact(client, ctx, mutation, change);
  } catch (error) {
    broken = await rollback(client);
    throw claimRefused(error) ?? error;
  } finally {
    client.release(broken);
  }
}

async function transact<T>(
  client: pg.PoolClient,
  ctx: Context,
  mutation: Mutation<T>,
  change: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { audit, part = 'whole' } = mutation;
  const gate = new Gate(client);
  const query = async <R extends Row>(what: Statement, values?: readonly Value[]) => {
    return (await gate.send(what, values)).rows as R[];
  };
  const events: NewEvent[] = [];
  // Nothing is awaited before the change: what is asked in one turn travels together.
  const before: Promise<unknown>[] = [gate.send(begin)];
  if (typeof part === 'object') before.push(claimIdempotency(query, ctx, part.first));
  const changing = change({ query, event: (event) => events.push(event) });
  const scope = mutation.scope ?? ctx.scope;
  const eventScope = mutation.wide ? inLive(scope) : scope;
  const place = { organization: scope?.organization, mode: mutation.wide ? null : scope?.mode };
  const writeDown = (notes: readonly AuditNote[]) => [
    ...events.map((event) => writeEvent(query, ctx, event.scope ?? eventScope, event)),
    ...notes.map((note) => writeAudit(query, ctx, note, note.where ?? place)),
  ];
  if (typeof audit !== 'function') {
    const writes = [...before, ...writeDown([audit])];
    // Promises are heard before a flight leaves: a change that failed by itself is not committed.
    changing.catch((error) => gate.cancel(error));
    const [result, ended] = await settled([changing, gate.close(commit), ...writes]);
    return committed(result, ended);
  }
  const [result] = await settled([changing, ...before]);
  const writes: Promise<unknown>[] = writeDown([audit(result) ?? []].flat());
  if (part === 'last' || part === 'whole') {
    writes.push(finishIdempotency(query, ctx, part, result));
    // Whether another request took the key first must be known before COMMIT is sent.
    if (part === 'whole' && ctx.idempotency !== undefined) await settled(writes.splice(0));
  }
  const [ended] = await settled([gate.close(commit), ...writes]);
  return committed(result, ended);
}

function committed<T>(result: T, { command }: Landed): T {
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
  return result;
}

function inLive(scope: Scope | undefined): Scope | undefined {
  return scope && { organization: scope.organization, mode: 'live' };
}

/** Waits for all, then throws the first failure: nothing may still be under way at ROLLBACK. */
async function settled<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
  return outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : undefined,
  ) as unknown as T;
}

/** A connection on which ROLLBACK fails is thrown away. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed');
  }
}
