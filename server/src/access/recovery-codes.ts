import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { secretBytes } from '../core/random.ts';
import type { Passwords } from './password.ts';
import type { Proof } from './prove.ts';

/** Crockford's base32, without I, L, O and U. A byte's low 5 bits choose among 32 fairly. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Ten codes, each of 50 bits (ASVS 6.5.1 to 6.5.3). */
const codesMax = 10;
const length = 10;

const voidCodes = statement('codes.void', 'DELETE FROM recovery_codes WHERE account_id = $1');
const insertCodes = statement(
  'codes.insert',
  `INSERT INTO recovery_codes (account_id, number, hash)
   SELECT $1, number - 1, hash FROM unnest($2::text[]) WITH ORDINALITY AS made (hash, number)`,
);
const selectCode = statement(
  'codes.find',
  `SELECT account_id, number, hash FROM recovery_codes
   WHERE account_id = $1 AND number = $2 AND used_at IS NULL`,
);
const useCode = statement(
  'codes.use',
  `UPDATE recovery_codes SET used_at = now()
   WHERE account_id = $1 AND number = $2 AND hash = $3 AND used_at IS NULL RETURNING number`,
);

export type NewCodes = { plain: string[]; hashes: string[] };

/** Ten new codes, hashed before a transaction begins. Shown once. */
export async function newRecoveryCodes(passwords: Passwords): Promise<NewCodes> {
  const secrets = Array.from({ length: codesMax }, () =>
    [...secretBytes(length)].map((byte) => alphabet.charAt(byte & 31)).join(''),
  );
  const hashes = await passwords.hashCodes(secrets);
  const plain = secrets.map((secret, number) => {
    return `${number}-${secret.slice(0, 5)}-${secret.slice(5)}`;
  });
  return { plain, hashes };
}

/** Stores new codes; those before them are void. */
export async function storeRecoveryCodes(tx: Tx, account: string, codes: NewCodes): Promise<void> {
  await tx.query(voidCodes, [account]);
  await tx.query(insertCodes, [account, codes.hashes]);
}

type Written = { number: number; secret: string };

/** Reads a code however it was typed: spaces, dashes, small letters, O for 0, I or L for 1. */
export function readRecoveryCode(text: string): Written | undefined {
  const plain = text
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const match = /^(\d)([0-9A-HJKMNP-TV-Z]{10})$/.exec(plain);
  return match === null ? undefined : { number: Number(match[1]), secret: match[2] ?? '' };
}

type Stored = { account_id: string; number: number; hash: string };

/** Proves by a recovery code. Its number says which hash it belongs to, so one hash is made. */
export function recoveryCodeProof(passwords: Passwords, text: string): Proof<Stored> {
  const written = readRecoveryCode(text);
  return {
    kind: 'recovery_code',
    reserve: () => passwords.reserve(),
    read: async (tx, account) =>
      (await tx.query<Stored>(selectCode, [account, written?.number ?? null])).at(0),
    check: async (stored, place) => {
      const right = await passwords.check(stored?.hash, written?.secret ?? '', place);
      if (!right || stored === undefined) return undefined;
      const { account_id: account, number, hash } = stored;
      return async (tx) => (await tx.query(useCode, [account, number, hash])).length > 0;
    },
  };
}
