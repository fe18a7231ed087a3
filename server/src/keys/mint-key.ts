import type { KeyObject } from 'node:crypto';
import {
  type ApiKeyKind,
  apiKeyPublicIdLength,
  apiKeySecretLength,
  apiVersionLatest,
  base62FromBytes,
  formatApiKey,
  type Mode,
  type schemas,
} from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { newId, secretBytes } from '../core/random.ts';
import type { Recipient } from './encrypt-to.ts';
import { hashKey, type PlainKey, pepperVersion } from './hash-key.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';
import type { Rights } from './rules/check-rights.ts';
import { readPublicKey } from './signed-requests/public-key.ts';

const insertKey = statement(
  'keys.insert',
  `INSERT INTO api_keys (organization_id, id, mode, kind, lookup_id, secret_hash, pepper_version,
     public_key, hint, api_version, name, service, owner_id, predecessor_id, permissions, ip_ranges,
     allowed_origins, amount_limits, customers, rate_limit, expires_at, spending_key_id,
     rolled_by_self)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
     $20, $21, $22, $23)
   RETURNING ${apiKeyColumns}`,
);

export type NewKey = Rights &
  Pick<ApiKeyRow, 'name' | 'service' | 'owner_id' | 'predecessor_id'> & {
    /** The wire format it was written for; the latest unless it succeeds another. */
    api_version?: string;
    /** The first key of the chain that it continues. */
    spending_key_id?: string | null;
    /** The key that it succeeds asked for it, nobody else. */
    rolled_by_self?: boolean;
  } & Proving;

/** How it is proved: by a secret that is made here, or by signatures under a key pair. */
export type Proving =
  | { kind: 'secret' | 'publishable'; public_key?: undefined }
  | { kind: 'signing'; public_key: Buffer };

/**
 * @param publicKey as it was sent
 * @throws ApiError `invalid_request` unless signing keys, and only they, come with a public key
 */
export function provingOf(kind: NewKey['kind'], publicKey: string | undefined): Proving {
  if (kind === 'signing') {
    if (publicKey !== undefined) return { kind, public_key: readPublicKey(publicKey) };
    const message = 'A signing key is registered with its public key.';
    throw fieldError(
      '/public_key',
      'missing',
      message,
      'Make a key pair, and send its public key.',
    );
  }
  if (publicKey === undefined) return { kind };
  const message = `A ${kind} key has no public_key.`;
  throw fieldError('/public_key', 'unfit', message, 'Leave it out, or make a signing key.');
}

/** `key`: null of a signing key, whose secret half never was here. */
type Minted = { row: ApiKeyRow; key: PlainKey | null };

/**
 * Writes a new key. What is returned is the only place where the key itself ever appears.
 *
 * @throws ApiError `invalid_request` for a public key that another key has or had
 */
export async function mintKey(
  tx: Tx,
  pepper: KeyObject,
  { organization, mode }: Scope,
  spec: NewKey,
): Promise<Minted> {
  const proof =
    spec.kind === 'signing' ? ofPublicKey(spec.public_key) : newSecret(pepper, mode, spec.kind);
  const inserting = tx.query<ApiKeyRow>(insertKey, [
    organization,
    newId('apiKey'),
    mode,
    spec.kind,
    proof.lookupId,
    proof.secretHash,
    proof.secretHash && pepperVersion,
    spec.public_key ?? null,
    proof.hint,
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
    spec.spending_key_id ?? null,
    spec.rolled_by_self ?? false,
  ]);
  const [row] = await inserting.catch((error: unknown) => {
    if (!violates(error, 'api_keys_public_key')) throw error;
    const message = 'Another API key has, or had, this public key.';
    throw fieldError('/public_key', 'taken', message, 'Make a key pair for each API key.');
  });
  if (row === undefined) throw new Error('the key was not inserted');
  return { row, key: proof.key };
}

/** What a key is known by. */
type Proof = {
  lookupId: string | null;
  secretHash: Buffer | null;
  hint: string;
  key: PlainKey | null;
};

function newSecret(pepper: KeyObject, mode: Mode, kind: ApiKeyKind): Proof {
  const lookupId = base62FromBytes(secretBytes(64), apiKeyPublicIdLength);
  const secret = base62FromBytes(secretBytes(96), apiKeySecretLength);
  const key = formatApiKey(kind, mode, lookupId, secret) as PlainKey;
  const hint = `${key.slice(0, 18)}…${key.slice(-4)}`;
  return { lookupId, secretHash: hashKey(pepper, key), hint, key };
}

function ofPublicKey(publicKey: Buffer): Proof {
  const base64 = publicKey.toString('base64');
  const hint = `${base64.slice(0, 10)}…${base64.slice(-5)}`;
  return { lookupId: null, secretHash: null, hint, key: null };
}

/**
 * A new key as its maker sees it, once.
 *
 * @param recipient who alone reads the key; undefined: whoever reads the answer
 * @throws ApiError `invalid_request` for a recipient where there is no secret
 */
export async function withSecret(
  { row, key }: Minted,
  recipient: Recipient | undefined,
): Promise<schemas.ApiKeyWithSecret> {
  const made = toApiKey(row);
  if (recipient === undefined) return { ...made, key, key_jwe: null };
  if (key !== null) return { ...made, key: null, key_jwe: await recipient(key) };
  const message = 'A signing key has no secret that PayOS could know.';
  throw fieldError('/encrypt_to', 'unfit', message, 'Leave it out.');
}
