import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { type Mode, parseApiKey } from 'payos-contract';
import type { Database } from '../../core/db.ts';
import { statement } from '../../core/db.ts';
import { hashKey, type PlainKey } from '../hash-key.ts';

/** Where a key belongs. Says nothing about whether it works. */
export type Identified = { organization: string; mode: Mode; id: string };

type Row = Identified & { lookup_id: string; secret_hash: Buffer };

const selectHashes = statement(
  'keys.identify',
  `SELECT organization_id AS organization, mode, id, lookup_id, secret_hash FROM api_keys
   WHERE lookup_id = ANY($1)`,
);

/**
 * Which of these texts are secret keys of this installation, in whatever state. Only who has the
 * whole key finds out.
 *
 * @returns by the text; what is nobody's is missing
 */
export async function identifyKeys(
  db: Database,
  pepper: KeyObject,
  texts: readonly string[],
): Promise<Map<string, Identified>> {
  const parsed = new Map<string, string>();
  for (const text of texts) {
    const key = parseApiKey(text);
    // A publishable key lies in the open by what it is for.
    if (key?.kind === 'secret') parsed.set(text, key.publicId);
  }
  if (parsed.size === 0) return new Map();
  const rows = await db.read<Row>(selectHashes, [[...new Set(parsed.values())]]);
  const byPublicId = new Map(rows.map((row) => [row.lookup_id, row]));
  const found = new Map<string, Identified>();
  for (const [text, publicId] of parsed) {
    const row = byPublicId.get(publicId);
    if (row === undefined) continue;
    if (!timingSafeEqual(hashKey(pepper, text as PlainKey), row.secret_hash)) continue;
    found.set(text, { organization: row.organization, mode: row.mode, id: row.id });
  }
  return found;
}
