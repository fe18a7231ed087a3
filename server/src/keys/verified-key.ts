import type { Mode, schemas } from 'payos-contract';
import type { KeyLimits } from '../core/key-limits.ts';
import { Ranges } from '../core/network.ts';

/** A key that is genuine: whoever asks holds its secret, or has signed with it. */
export type VerifiedKey = {
  id: string;
  organization: string;
  mode: Mode;
  kind: schemas.ApiKey['kind'];
  state: 'usable' | 'disabled' | 'revoked';
  /** Unix milliseconds on the database's clock; undefined: never. */
  endsAtMs: number | undefined;
  permissions: ReadonlySet<string>;
  ipRanges: readonly string[];
  /** The same, ready to look addresses up in; undefined: every address. */
  networks: Ranges | undefined;
  allowedOrigins: readonly string[];
  rateLimit: number | null;
  apiVersion: string;
  limits: KeyLimits;
  /** Of a signing key: Ed25519, 32 bytes. */
  publicKey: Buffer | undefined;
};

/** A row of `api_keys` as JSON, as {@link verifiedColumns} have it. */
export type KeyDocument = {
  organization_id: string;
  id: string;
  mode: Mode;
  kind: VerifiedKey['kind'];
  state: VerifiedKey['state'];
  ends_at_ms: number | null;
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  amount_limits: schemas.AmountLimit[];
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  spending_key_id: string;
  public_key: string | null;
};

/** A row made ready for checking requests: sets, address ranges and bytes instead of texts. */
export function toVerifiedKey(document: KeyDocument): VerifiedKey {
  const { ip_ranges: ipRanges, public_key: publicKey } = document;
  return {
    id: document.id,
    organization: document.organization_id,
    mode: document.mode,
    kind: document.kind,
    state: document.state,
    endsAtMs: document.ends_at_ms ?? undefined,
    permissions: new Set(document.permissions),
    ipRanges,
    networks: ipRanges.length === 0 ? undefined : new Ranges(ipRanges),
    allowedOrigins: document.allowed_origins,
    rateLimit: document.rate_limit,
    apiVersion: document.api_version,
    limits: {
      amounts: document.amount_limits,
      customers: document.customers,
      spendingKey: document.spending_key_id,
    },
    publicKey: publicKey === null ? undefined : Buffer.from(publicKey, 'base64'),
  };
}
