import { Secret, TOTP } from 'otpauth';
import { clock } from '../core/clock.ts';
import { statement } from '../core/db.ts';
import type { Sealer } from '../core/seal.ts';
import type { Proof } from './prove.ts';

/** What every authenticator app does (RFC 6238 with the defaults of its key URIs). */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** A clock may be off by one step. */
const window = 1;

/** What the sealed secret is bound to, beside the account. */
export const totpPurpose = 'totp';

/**
 * The step a code belongs to: this one, the one before or the one after.
 *
 * @param nowMs Unix milliseconds
 * @returns undefined when the code is of none of them
 */
export function totpStepOf(secret: Buffer, code: string, nowMs: number): number | undefined {
  const key = new Secret({ buffer: Uint8Array.from(secret).buffer });
  const delta = TOTP.validate({ ...form, token: code, secret: key, window, timestamp: nowMs });
  if (delta === null) return undefined;
  return TOTP.counter({ period: form.period, timestamp: nowMs }) + delta;
}

/** A secret for people: in base32, and as the URI of which apps read the QR code. */
export function describeTotp(secret: Buffer, email: string): { secret: string; uri: string } {
  const key = new Secret({ buffer: Uint8Array.from(secret).buffer });
  const totp = new TOTP({ ...form, issuer: 'PayOS', label: email, secret: key });
  return { secret: key.base32, uri: totp.toString() };
}

type Stored = { account_id: string; secret_sealed: Buffer };

const selectSecret = statement(
  'totp.secret',
  `SELECT account_id, secret_sealed FROM totp_factors
   WHERE account_id = $1 AND confirmed_at IS NULL`,
);
/** Wrong codes in a row after which an app is of no use any more (NIST SP 800-63B 3.2.2). */
export const wrongCodesMax = 100;

/**
 * Counted before the code is checked, and on across locks: ten tries in every half hour would find
 * a code in the end.
 */
const countCode = statement(
  'totp.count',
  `UPDATE totp_factors SET failed_attempts = failed_attempts + 1
   WHERE account_id = $1 AND confirmed_at IS NOT NULL AND failed_attempts < ${wrongCodesMax}
   RETURNING account_id, secret_sealed`,
);
/** A code works once, and none before it (RFC 6238 §5.2; PCI DSS 8.5.1). */
const burnStep = statement(
  'totp.burn',
  `UPDATE totp_factors SET last_step = $2, last_used_at = now(), failed_attempts = 0,
     confirmed_at = coalesce(confirmed_at, now())
   WHERE account_id = $1 AND last_step < $2 AND secret_sealed = $3
     AND (confirmed_at IS NOT NULL) = $4 RETURNING account_id`,
);

/**
 * Proves by a code of the authenticator app.
 *
 * @param confirmed false: of an app that is being set up; its first right code confirms it
 */
export function totpProof(
  sealer: Sealer,
  code: string,
  confirmed = true,
): Proof<Stored> & { kind: 'totp' } {
  return {
    kind: 'totp',
    read: async (tx, account) =>
      (await tx.query<Stored>(confirmed ? countCode : selectSecret, [account])).at(0),
    check: async (stored) => {
      if (stored === undefined) return undefined;
      const { account_id: account, secret_sealed: sealed } = stored;
      const secret = sealer.open(sealed, totpPurpose, account);
      const step = totpStepOf(secret, code, clock.nowMs());
      if (step === undefined) return undefined;
      return async (tx) =>
        (await tx.query(burnStep, [account, step, sealed, confirmed])).length > 0;
    },
  };
}
