import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Raised when the shape of the tables changes; a file of another version is refused. */
const version = 1;

/** Of a card only brand, last four digits and what it does are kept (PCI DSS 3.3, 3.5). */
const tables = `
  CREATE TABLE charges (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    idempotency_key TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('authorized', 'captured', 'declined', 'canceled')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    capture INTEGER NOT NULL CHECK (capture IN (0, 1)),
    amount_captured INTEGER NOT NULL CHECK (amount_captured BETWEEN 0 AND amount),
    amount_refunded INTEGER NOT NULL CHECK (amount_refunded BETWEEN 0 AND amount_captured),
    decline_code TEXT,
    cvc_check TEXT NOT NULL,
    brand TEXT NOT NULL,
    last4 TEXT NOT NULL CHECK (length(last4) = 4),
    behaviour TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE operations (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    idempotency_key TEXT NOT NULL UNIQUE,
    charge TEXT NOT NULL REFERENCES charges (id),
    kind TEXT NOT NULL CHECK (kind IN ('capture', 'void', 'refund')),
    status TEXT NOT NULL CHECK (status IN ('succeeded', 'failed')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    error TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${version};
`;

/**
 * Opens the database file, creating folder and tables where they are missing. With WAL and
 * `synchronous = NORMAL` what was committed survives the death of the process, and each commit
 * costs no disk flush; only a power cut could lose the newest charges of this test service.
 *
 * @throws Error when the file is of another version
 */
export function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (found === 0) inTransaction(db, () => db.exec(tables));
  else if (found !== version) {
    db.close();
    throw new Error(`${file} has version ${found}; this simulator reads ${version}. Delete it.`);
  }
  return db;
}

/** Runs `work` in one write transaction: everything it does is committed, or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
