import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { isOutdated, type Passwords } from './password.ts';
import type { Proof } from './prove.ts';

type Stored = { id: string; password_hash: string };

const selectHash = statement(
  'accounts.password',
  'SELECT id, password_hash FROM accounts WHERE id = $1',
);
/** Locked, so that a password that is being changed is either still right or wrong already. */
const holdHash = statement(
  'accounts.hold_password',
  'SELECT id FROM accounts WHERE id = $1 AND password_hash = $2 FOR UPDATE',
);
const replaceHash = statement(
  'accounts.rehash',
  'UPDATE accounts SET password_hash = $2 WHERE id = $1',
);

/** Where the line is full, the old hash does until the next time. */
async function rehash(passwords: Passwords, password: string): Promise<string | undefined> {
  return passwords.hash(password).catch((error: unknown) => {
    if (error instanceof ApiError) return undefined;
    throw error;
  });
}

/** Proves by the password. A hash of less than today's cost is made anew while it is at hand. */
export function passwordProof(passwords: Passwords, password: string): Proof<Stored> {
  return {
    kind: 'password',
    reserve: () => passwords.reserve(),
    read: async (tx, account) => (await tx.query<Stored>(selectHash, [account])).at(0),
    check: async (stored, place) => {
      const right = await passwords.check(stored?.password_hash, password, place);
      if (!right || stored === undefined) return undefined;
      const { id, password_hash: hash } = stored;
      const better = isOutdated(hash) ? await rehash(passwords, password) : undefined;
      return async (tx) => {
        if ((await tx.query(holdHash, [id, hash])).length === 0) return false;
        if (better !== undefined) await tx.query(replaceHash, [id, better]);
        return true;
      };
    },
  };
}
