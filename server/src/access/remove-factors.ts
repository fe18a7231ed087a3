import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { enrollHours } from './create-account.ts';

const removePasskeys = statement(
  'passkeys.remove_all',
  'DELETE FROM passkeys WHERE account_id = $1',
);
const removeTotp = statement('totp.remove_all', 'DELETE FROM totp_factors WHERE account_id = $1');
const removeCodes = statement(
  'codes.remove_all',
  'DELETE FROM recovery_codes WHERE account_id = $1',
);
const letEnroll = statement(
  'accounts.let_enroll',
  `UPDATE accounts SET enroll_until = now() + interval '${enrollHours} hours',
     factors_replaced_at = now() WHERE id = $1`,
);

/**
 * Takes every factor from an account, and lets its person enrol new ones with the password alone,
 * for a day (PCI DSS 8.5.1: an exception that somebody agreed to, and that ends by itself). The
 * caller has made sure that somebody agreed, and ends the sessions.
 */
export async function removeFactors(tx: Tx, account: string): Promise<void> {
  await tx.query(letEnroll, [account]);
  await Promise.all(
    [removePasskeys, removeTotp, removeCodes].map((remove) => tx.query(remove, [account])),
  );
}
