import { timingSafeEqual } from 'node:crypto';
import {
  type CheckoutSecretKind,
  type Mode,
  parseCheckoutSecret,
  type schemas,
} from 'payos-contract';
import { hashSecret } from '../checkout/index.ts';
import { type Database, run, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { KeyLimits } from '../core/key-limits.ts';

/**
 * Of a session and of the key that made it: its caps count while there is something to pay, and a
 * key that was stopped takes its sessions with it. One that came to its planned end does not.
 */
const selectVisited = statement(
  'checkout.visited',
  `SELECT s.organization_id, s.mode, s.id, c.hash, c.collect_hash,
     s.status = 'open' AND s.expires_at > now() AND k.revoked_at IS NULL
       AND k.disabled_at IS NULL AS is_open,
     coalesce(k.amount_limits, '[]') AS amounts, coalesce(k.customers, '{}') AS customers,
     coalesce(k.spending_key_id, k.id, s.id) AS spending_key
   FROM checkout_secrets c
     JOIN checkout_sessions s ON s.organization_id = c.organization_id AND s.id = c.session_id
     LEFT JOIN api_keys k ON k.organization_id = s.organization_id AND k.id = s.key_id
   WHERE c.session_id = $1 AND s.expires_at > now() - interval '1 day'`,
);

type Row = {
  organization_id: string;
  mode: Mode;
  id: string;
  hash: Buffer;
  collect_hash: Buffer;
  is_open: boolean;
  amounts: schemas.AmountLimit[];
  customers: string[];
  spending_key: string;
};

/** A session whose secret somebody holds. */
type Visited = {
  organization: string;
  mode: Mode;
  session: string;
  /** Whether something can be paid: neither over nor stopped with the key that made it. */
  isOpen: boolean;
  limits: KeyLimits;
};

/** Compared against where there is no session. */
const nothing = Buffer.alloc(32);

/**
 * Finds the session that a secret opens. On the role that writes, and remembered nowhere, so that
 * an ended session is dead everywhere at once. Its answer holds for a day beyond its end.
 *
 * @param kind which of its secrets it must be
 * @param beforeLookup called before the database is asked; may throw
 * @throws ApiError `invalid_checkout_secret`, the same for a wrong secret and for no session
 */
export async function findVisited(
  db: Database,
  kind: CheckoutSecretKind,
  presented: string,
  beforeLookup: (session: string) => void = () => {},
): Promise<Visited> {
  const parsed = parseCheckoutSecret(presented);
  if (parsed?.kind !== kind) throw new ApiError('invalid_checkout_secret');
  beforeLookup(parsed.session);
  const [row] = await run<Row>(db.write, selectVisited, [parsed.session]);
  const hash = (kind === 'visit' ? row?.hash : row?.collect_hash) ?? nothing;
  const isRight = timingSafeEqual(hashSecret(presented), hash);
  if (row === undefined || !isRight) throw new ApiError('invalid_checkout_secret');
  return {
    organization: row.organization_id,
    mode: row.mode,
    session: row.id,
    isOpen: row.is_open,
    limits: { amounts: row.amounts, customers: row.customers, spendingKey: row.spending_key },
  };
}
