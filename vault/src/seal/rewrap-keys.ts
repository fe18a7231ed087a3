import { createSecretKey, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../core/db.ts';
import { describeError, type Log } from '../core/log.ts';
import { keyCheckValue } from './kek-store.ts';
import { type KeyProvider, type KeyPurpose, type Owner, SealBroken } from './key-provider.ts';
import { KeyServiceFailed, nameOfRoot, rootOf } from './key-service.ts';

type Row = {
  id: string;
  organization_id: string;
  mode: Owner['mode'];
  purpose: KeyPurpose;
  version: number;
  wrapped: Buffer;
  key_check_value: Buffer;
};

const againMs = 60_000;

const selectOlder = {
  name: 'kek-older',
  text: `SELECT id, organization_id, mode, purpose, version, wrapped, key_check_value FROM keks
         WHERE id > $1 AND substring(wrapped FROM 1 FOR length($2::bytea)) <> $2
         ORDER BY id LIMIT 100`,
};
const updateWrapped = {
  name: 'kek-rewrap',
  text: 'SELECT rewrap_key($1, $2, $3, $4)',
};

/**
 * Wraps by the current root what others have wrapped, one key after the other: whenever it ends, a
 * key is in the hands of the one or of the other.
 *
 * @returns how many keys were moved, and how many could not be opened
 * @throws KeyServiceFailed, and {@link SealBroken} when what was wrapped does not open again
 */
export async function rewrapKeys(
  db: Db,
  provider: KeyProvider,
  log: Log,
): Promise<{ moved: number; broken: number }> {
  const done = { moved: 0, broken: 0 };
  let last = '';
  while (true) {
    const rows = await db.run<Row>(selectOlder, [last, provider.root]);
    for (const row of rows) {
      if (await rewrapKey(db, provider, row)) done.moved += 1;
      else {
        done.broken += 1;
        log('error', 'key_not_rewrapped', { organization: row.organization_id, mode: row.mode });
      }
      last = row.id;
    }
    if (rows.length === 0) return done;
  }
}

/** @returns false when the key does not open */
async function rewrapKey(db: Db, provider: KeyProvider, row: Row): Promise<boolean> {
  const { organization_id: organization, mode, purpose, version } = row;
  const context = { organization, mode, purpose, version };
  const key = await provider.unwrap(row.wrapped, context).catch((error: unknown) => {
    if (error instanceof SealBroken) return undefined;
    throw error;
  });
  if (key === undefined || !isKeyOf(row, key)) return false;
  const wrapped = await provider.wrap(key, context);
  key.fill(0);
  // Nothing is thrown away before what takes its place has been seen to open.
  const again = await provider.unwrap(wrapped, context);
  const isRight = isKeyOf(row, again);
  again.fill(0);
  if (!isRight) throw new SealBroken();
  const detail = `${nameOfRoot(rootOf(row.wrapped))} → ${nameOfRoot(provider.root)}`;
  await db.run(updateWrapped, [row.id, row.wrapped, wrapped, detail]);
  return true;
}

function isKeyOf(row: Row, key: Buffer): boolean {
  return timingSafeEqual(keyCheckValue(createSecretKey(key)), row.key_check_value);
}

/** Moves keys to the current root beside requests. Answers how to stop it. */
export function startRewrapping(db: Db, provider: KeyProvider, log: Log): () => Promise<void> {
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        const { moved, broken } = await rewrapKeys(db, provider, log);
        if (moved > 0) log('info', 'keys_rewrapped', { count: moved });
        if (broken === 0) return;
      } catch (error) {
        const detail = error instanceof KeyServiceFailed ? error.reason : describeError(error);
        log('error', 'rewrap_failed', { detail });
      }
      await sleep(againMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
  };
}
