import { SealBroken } from '../seal/key-provider.ts';
import { kekNameOf, rewrapRecord } from '../seal/record.ts';
import type { Mover } from './move-records.ts';

const selectCards = {
  name: 'operator-cards-of-keys',
  text: `SELECT token_id AS token, sealed FROM cards
         WHERE ctid >= $1::tid AND ctid < $2::tid
           AND substring(sealed FROM 7 FOR 16) = ANY ($3::bytea[])`,
};
const rewrapCards = {
  name: 'operator-rewrap-cards',
  text: 'SELECT count(*)::int AS moved FROM rewrap_cards($1, $2, $3)',
};

type Row = { token: string; sealed: Buffer };
type Change = { token: string; before: Buffer; after: Buffer };

/** Wraps the data keys of cards anew. */
export const cardMover: Mover<Row, Change> = {
  table: 'cards',
  blocks: 16,
  read: (db, range, keys) => {
    return db.run<Row>(selectCards, [...range, keys.map(({ id }) => Buffer.from(id, 'hex'))]);
  },
  move: async (keks, keys, { token, sealed }) => {
    try {
      const { id, version } = kekNameOf(sealed);
      const key = keys.find((one) => one.id === id);
      if (key === undefined) return undefined;
      const owner = { organization: key.organization, mode: key.mode };
      const [from, to] = await Promise.all([
        keks.named(owner, 'card', id, version),
        keks.current(owner, 'card'),
      ]);
      const place = { ...owner, token, recordType: 'card' as const };
      return { token, before: sealed, after: rewrapRecord(from, to, place, sealed) };
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  },
  write: async (db, changes) => {
    const [row] = await db.run<{ moved: number }>(rewrapCards, [
      changes.map(({ token }) => token),
      changes.map(({ before }) => before),
      changes.map(({ after }) => after),
    ]);
    return row?.moved ?? 0;
  },
};
