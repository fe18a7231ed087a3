import type { KeyObject } from 'node:crypto';
import {
  apiKeyPublicIdLength,
  apiKeySecretLength,
  apiVersionLatest,
  base62FromBytes,
  formatApiKey,
  type schemas,
} from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { newId, secretBytes } from '../core/random.ts';
import { hashKey, type PlainKey, pepperVersion } from './hash-key.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';
import type { Rights } from './rules/check-rights.ts';

const insertKey = statement(
  'keys.insert',
  `INSERT INTO api_keys (organization_id, id, mode, kind, lookup_id, secret_hash, pepper_version,
     hint, api_version, name, service, owner_id, predecessor_id, permissions, ip_ranges,
     allowed_origins, amount_limits, customers, rate_limit, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
     $20)
   RETURNING ${apiKeyColumns}`,
);

export type NewKey = Rights &
  Pick<ApiKeyRow, 'name' | 'service' | 'owner_id' | 'predecessor_id'> & {
    kind: 'secret' | 'publishable';
    /** The wire format it was written for; the latest unless it succeeds another. */
    api_version?: string;
  };
export type Minted = { row: ApiKeyRow; key: PlainKey };

/** Writes a new key. What is returned is the only place where the key itself ever appears. */
export async function mintKey(
  tx: Tx,
  pepper: KeyObject,
  { organization, mode }: Scope,
  spec: NewKey,
): Promise<Minted> {
  const publicId = base62FromBytes(secretBytes(64), apiKeyPublicIdLength);
  const secret = base62FromBytes(secretBytes(96), apiKeySecretLength);
  const key = formatApiKey(spec.kind, mode, publicId, secret) as PlainKey;
  const [row] = await tx.query<ApiKeyRow>(insertKey, [
    organization,
    newId('apiKey'),
    mode,
    spec.kind,
    publicId,
    hashKey(pepper, key),
    pepperVersion,
    `${key.slice(0, 18)}…${key.slice(-4)}`,
    spec.api_version ?? apiVersionLatest,
    spec.name,
    spec.service,
    spec.owner_id,
    spec.predecessor_id,
    spec.permissions,
    spec.ip_ranges,
    spec.allowed_origins,
    JSON.stringify(spec.amount_limits),
    spec.customers,
    spec.rate_limit,
    spec.expires_at,
  ]);
  if (row === undefined) throw new Error('the key was not inserted');
  return { row, key };
}

/** A new key as its maker sees it, once. */
export function withSecret({ row, key }: Minted): schemas.ApiKeyWithSecret {
  return { ...toApiKey(row), key, key_jwe: null };
}
