import { timingSafeEqual } from 'node:crypto';
import { numberMacOf } from '../seal/fingerprint.ts';
import { type Owner, SealBroken } from '../seal/key-provider.ts';
import { openCard } from '../seal/open-card.ts';
import type { Mover } from './move-records.ts';

/** With one of the tokens of the card: any has the number. */
const selectFingerprints = {
  name: 'operator-fingerprints-of-keys',
  text: `SELECT f.organization_id AS organization, f.mode, f.version, f.id, f.mac, one.token,
           one.sealed
         FROM fingerprints AS f
         JOIN unnest($3::text[], $4::text[], $5::int[]) AS key (organization, mode, version)
           ON (f.organization_id, f.mode, f.version) = (organization, key.mode, key.version)
         CROSS JOIN LATERAL (
           SELECT t.id AS token, c.sealed FROM tokens AS t LEFT JOIN cards AS c ON c.token_id = t.id
           WHERE t.fingerprint = f.id AND t.organization_id = f.organization_id
             AND t.mode = f.mode LIMIT 1
         ) AS one
         WHERE f.ctid >= $1::tid AND f.ctid < $2::tid`,
};
const rekeyFingerprints = {
  name: 'operator-rekey-fingerprints',
  text: 'SELECT count(*)::int AS moved FROM rekey_fingerprints($1, $2, $3, $4, $5)',
};

type Row = Owner & {
  version: number;
  id: Buffer;
  mac: Buffer;
  token: string;
  sealed: Buffer | null;
};
type Change = Row & { after: Buffer };

/**
 * Makes the MACs of numbers anew. Each card is opened once for that, however many tokens it has,
 * and has to be the one that its MAC under the former key says; its fingerprint stays.
 */
export const fingerprintMover: Mover<Row, Change> = {
  table: 'fingerprints',
  blocks: 4,
  read: (db, range, keys) => {
    const organizations = keys.map(({ organization }) => organization);
    const [modes, versions] = [keys.map(({ mode }) => mode), keys.map(({ version }) => version)];
    return db.run<Row>(selectFingerprints, [...range, organizations, modes, versions]);
  },
  move: async (keks, _keys, row) => {
    if (row.sealed === null) return undefined;
    const owner = { organization: row.organization, mode: row.mode };
    try {
      const [from, to] = await Promise.all([
        keks.ofVersion(owner, 'fingerprint', row.version),
        keks.current(owner, 'fingerprint'),
      ]);
      const card = await openCard(keks, owner, row.token, row.sealed);
      try {
        if (!timingSafeEqual(numberMacOf(from, owner, card), row.mac)) return undefined;
        return { ...row, after: numberMacOf(to, owner, card) };
      } finally {
        card.wipe();
      }
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  },
  write: async (db, changes) => {
    const of = <Name extends keyof Change>(name: Name) => changes.map((change) => change[name]);
    const values = [of('organization'), of('mode'), of('id'), of('mac'), of('after')];
    const [row] = await db.run<{ moved: number }>(rekeyFingerprints, values);
    return row?.moved ?? 0;
  },
};
