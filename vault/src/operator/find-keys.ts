import type { Mode } from 'payos-contract';
import type { Db } from '../core/db.ts';
import type { KeyPurpose } from '../seal/key-provider.ts';
import type { Which } from './schemas.ts';

type KeyState = 'active' | 'decrypt_only' | 'retired' | 'destroyed';

/** A version of a key, as the operator sees it. */
export type KeyVersion = {
  id: string;
  organization: string;
  mode: Mode;
  purpose: KeyPurpose;
  version: number;
  state: KeyState;
  state_at: string;
  state_by: string;
  created_at: string;
  /** When nothing was found under it any more, of a former key. */
  emptied_at: string | null;
  /** Tells keys apart without saying anything about them. Hexadecimal. */
  check_value: string;
};

type Row = Omit<KeyVersion, 'state_at' | 'created_at' | 'emptied_at'> & {
  state_at: Date;
  created_at: Date;
  emptied_at: Date | null;
};

const columns = `id, organization_id AS organization, mode, purpose, version, state, state_at,
  state_by, created_at, emptied_at, encode(key_check_value, 'hex') AS check_value`;
const isAmong = `($1::text IS NULL OR organization_id = $1) AND ($2::text IS NULL OR mode = $2)
  AND ($3::text IS NULL OR purpose = $3)`;

const selectKeys = {
  name: 'operator-keys',
  text: `SELECT ${columns} FROM keks WHERE ${isAmong}
         ORDER BY organization_id, mode, purpose, version`,
};
const selectKey = { name: 'operator-key', text: `SELECT ${columns} FROM keks WHERE id = $1` };
const selectUnfinished = {
  name: 'operator-keys-unfinished',
  text: `SELECT ${columns} FROM keks WHERE ${isAmong}
           AND state = 'decrypt_only' AND emptied_at IS NULL
         ORDER BY id`,
};
const selectToRotate = {
  name: 'operator-keys-to-rotate',
  text: `SELECT ${columns} FROM keks AS active WHERE ${isAmong} AND state = 'active'
           AND created_at <= now() - make_interval(days => $4) AND id > $5
           AND NOT EXISTS (
             SELECT FROM keks AS former
             WHERE former.organization_id = active.organization_id AND former.mode = active.mode
               AND former.purpose = active.purpose AND former.state = 'decrypt_only'
               AND former.emptied_at IS NULL)
         ORDER BY id LIMIT $6`,
};

const valuesOf = ({ organization, mode, purpose }: Which) => [
  organization ?? null,
  mode ?? null,
  purpose ?? null,
];

/** Every version of every key among those. */
export async function findKeys(db: Db, which: Which): Promise<KeyVersion[]> {
  return (await db.run<Row>(selectKeys, valuesOf(which))).map(show);
}

/** A version by its id, of whichever organization; undefined when there is none. */
export async function findKey(db: Db, id: string): Promise<KeyVersion | undefined> {
  return (await db.run<Row>(selectKey, [id])).map(show)[0];
}

/** Former versions under which something may still lie. */
export async function findUnfinished(db: Db, which: Which): Promise<KeyVersion[]> {
  return (await db.run<Row>(selectUnfinished, valuesOf(which))).map(show);
}

/** Active versions that have been that for so many days, and whose last rotation is over. */
export async function findToRotate(
  db: Db,
  which: Which,
  olderThanDays: number,
  after: string,
  limit: number,
): Promise<KeyVersion[]> {
  const values = [...valuesOf(which), olderThanDays, after, limit];
  return (await db.run<Row>(selectToRotate, values)).map(show);
}

function show(row: Row): KeyVersion {
  return {
    ...row,
    state_at: row.state_at.toISOString(),
    created_at: row.created_at.toISOString(),
    emptied_at: row.emptied_at?.toISOString() ?? null,
  };
}
