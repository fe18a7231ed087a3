import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { type ApiKeyKind, type Mode, parseApiKey } from 'payos-contract';
import { clock } from '../core/clock.ts';
import { type Database, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { KeyLimits } from '../core/key-limits.ts';
import { hashKey, type PlainKey } from './hash-key.ts';

/** A key that was presented and is genuine, alive and of a known organization. */
export type VerifiedKey = {
  id: string;
  organization: string;
  mode: Mode;
  kind: ApiKeyKind;
  permissions: ReadonlySet<string>;
  rateLimit: number | null;
  apiVersion: string;
  limits: KeyLimits;
};

type Known = { hash: Buffer; revoked: boolean; key: VerifiedKey; readMs: number };

type Row = {
  organization_id: string;
  id: string;
  mode: Mode;
  kind: ApiKeyKind;
  secret_hash: Buffer;
  permissions: string[];
  rate_limit: number | null;
  api_version: string;
  amount_limits: KeyLimits['amounts'];
  customers: string[];
  revoked: boolean;
};

const selectByLookup = statement(
  'keys.verify',
  `SELECT organization_id, id, mode, kind, secret_hash, permissions, rate_limit, api_version,
     amount_limits, customers, revoked_at IS NOT NULL AS revoked
   FROM api_keys WHERE lookup_id = $1`,
);

/** A row read longer ago than this is read again: the longest a revoked key can still work. */
const rowTrustedMs = 1_000;
const rowsMax = 20_000;

/** Compared against when no row was found, so that unknown and wrong keys take the same time. */
const nobody = Buffer.alloc(32);

/**
 * Checks API keys. The secret is checked on every request; only the row it is checked against is
 * remembered, for at most a second.
 */
export class KeyVerifier {
  readonly #pepper: KeyObject;
  readonly #db: Database;
  readonly #rows = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Known | undefined>>();

  constructor(pepper: KeyObject, db: Database) {
    this.#pepper = pepper;
    this.#db = db;
  }

  /**
   * @param presented what stood behind `Bearer `
   * @param beforeLookup called before the database is asked about a key not seen lately; may throw
   * @throws ApiError `invalid_api_key`; `revoked_api_key` only to whom holds the genuine key
   */
  async verify(presented: string, beforeLookup: () => void = () => {}): Promise<VerifiedKey> {
    const parsed = parseApiKey(presented);
    if (parsed === undefined) throw new ApiError('invalid_api_key');
    const hash = hashKey(this.#pepper, presented as PlainKey);
    if (!this.#rows.has(parsed.publicId)) beforeLookup();
    const known = this.#fresh(parsed.publicId) ?? (await this.#read(parsed.publicId));
    const genuine = timingSafeEqual(hash, known?.hash ?? nobody);
    if (known === undefined || !genuine) throw new ApiError('invalid_api_key');
    if (known.revoked) throw new ApiError('revoked_api_key');
    return known.key;
  }

  /** Drops what is remembered, after a key was changed in this process. */
  forget(): void {
    this.#rows.clear();
  }

  #fresh(publicId: string): Known | undefined {
    const known = this.#rows.get(publicId);
    return known && clock.monotonicMs() - known.readMs < rowTrustedMs ? known : undefined;
  }

  /** Requests that come together read the row once. */
  #read(publicId: string): Promise<Known | undefined> {
    const underWay = this.#reading.get(publicId);
    if (underWay !== undefined) return underWay;
    const reading = this.#readRow(publicId).finally(() => this.#reading.delete(publicId));
    this.#reading.set(publicId, reading);
    return reading;
  }

  async #readRow(publicId: string): Promise<Known | undefined> {
    const readMs = clock.monotonicMs();
    const [row] = await this.#db.read<Row>(selectByLookup, [publicId]);
    // Unknown ids are not remembered: a flood of them must not fill memory.
    if (row === undefined) {
      this.#rows.delete(publicId);
      return undefined;
    }
    const known: Known = { hash: row.secret_hash, revoked: row.revoked, key: toKey(row), readMs };
    if (this.#rows.size >= rowsMax) this.#rows.clear();
    this.#rows.set(publicId, known);
    return known;
  }
}

function toKey(row: Row): VerifiedKey {
  return {
    id: row.id,
    organization: row.organization_id,
    mode: row.mode,
    kind: row.kind,
    permissions: new Set(row.permissions),
    rateLimit: row.rate_limit,
    apiVersion: row.api_version,
    limits: { amounts: row.amount_limits, customers: row.customers },
  };
}
