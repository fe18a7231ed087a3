import { argon2Sync, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { lengthPrefixed } from '../core/bytes.ts';
import { secureBytes } from '../core/random.ts';
import { gcmOpen, gcmSeal } from './gcm.ts';
import { hkdfSha256 } from './hash.ts';
import { keyCheckValue } from './kek-store.ts';
import { KeyringRefused } from './keyring-file.ts';
import { combineSecret, splitSecret } from './shamir.ts';
import { formatShare, type Share } from './share.ts';

const closed = { additionalProperties: false };
const PassphraseLock = Type.Object(
  {
    kind: Type.Literal('passphrase'),
    kdf: Type.Literal('argon2id'),
    // Bounds in both directions: who can write the file must not weaken it, nor exhaust us.
    memory_kib: Type.Integer({ minimum: 65_536, maximum: 1_048_576 }),
    passes: Type.Integer({ minimum: 3, maximum: 20 }),
    salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  },
  closed,
);
const SharesLock = Type.Object(
  {
    kind: Type.Literal('shares'),
    set: Type.String({ pattern: '^[0-9a-f]{8}$' }),
    shares: Type.Integer({ minimum: 2, maximum: 16 }),
    threshold: Type.Integer({ minimum: 2, maximum: 16 }),
    check_value: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  },
  closed,
);
const SealedKeyring = Type.Object(
  {
    provider: Type.Literal('keyring-sealed'),
    lock: Type.Union([PassphraseLock, SharesLock]),
    sealed: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
  },
  closed,
);

type PassphraseLock = Static<typeof PassphraseLock>;
/** What opens a keyring that is in the hands of several custodians. */
export type SharesLock = Static<typeof SharesLock>;
export type SealedKeyring = Static<typeof SealedKeyring>;

/** RFC 9106 §4, second recommendation: 64 MiB, three passes. */
const cost = { memory_kib: 65_536, passes: 3 };

/** Shorter ones can be found out by trying. */
export const passphraseLeast = 15;

/**
 * The content of a keyring file, if it is a sealed one.
 *
 * @throws KeyringRefused if it says so and is not
 */
export function readSealedKeyring(text: string): SealedKeyring | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if ((value as SealedKeyring | null)?.provider !== 'keyring-sealed') return undefined;
  if (Check(SealedKeyring, value)) return value;
  throw new KeyringRefused('PAYOS_VAULT_KEYRING is a sealed keyring that was damaged.');
}

/** Seals a keyring file under a passphrase: argon2id, AES-256-GCM. */
export function sealByPassphrase(keyring: string, passphrase: string): string {
  const salt = secureBytes(16).toString('hex');
  const lock: PassphraseLock = { kind: 'passphrase', kdf: 'argon2id', ...cost, salt };
  return seal(keyring, lock, stretch(passphrase, lock));
}

/** @throws SealBroken when the passphrase is another, or the file was changed */
export function openByPassphrase({ lock, sealed }: SealedKeyring, passphrase: string): string {
  if (lock.kind !== 'passphrase') throw new KeyringRefused(needsShares);
  return open(lock, stretch(passphrase, lock), sealed);
}

const needsShares = 'PAYOS_VAULT_KEYRING is opened by shares, not by a passphrase.';

/** Seals a keyring file under a new secret, which nobody has, and answers the shares of that. */
export function sealByShares(keyring: string, shares: number, threshold: number) {
  const secret = secureBytes(32);
  const set = secureBytes(4).toString('hex');
  const checkValue = checkValueOf(secret).toString('hex');
  const lock: SharesLock = { kind: 'shares', set, shares, threshold, check_value: checkValue };
  const sealed = seal(keyring, lock, secret);
  const points = splitSecret(secret, shares, threshold);
  secret.fill(0);
  const made = points.map((point) => ({ ...point, set }));
  // Nobody has to find out later that they open nothing.
  const text = openByShares(JSON.parse(sealed) as SealedKeyring, made.slice(-threshold));
  if (text !== keyring) throw new Error('the shares do not open what they were made for');
  return { keyring: sealed, lock, shares: made.map(formatShare) };
}

/** @returns the keyring file, or nothing when one of the shares is wrong; it is not known which */
export function openByShares(
  { lock, sealed }: SealedKeyring,
  shares: readonly Share[],
): string | undefined {
  if (lock.kind !== 'shares' || shares.length < lock.threshold) return undefined;
  const secret = combineSecret(shares);
  try {
    const expected = Buffer.from(lock.check_value, 'hex');
    return timingSafeEqual(checkValueOf(secret), expected) ? open(lock, secret, sealed) : undefined;
  } finally {
    secret.fill(0);
  }
}

function seal(keyring: string, lock: PassphraseLock | SharesLock, secret: Buffer): string {
  const sealed = gcmSeal(sealingKey(secret), aadOf(lock), Buffer.from(keyring)).toString('base64');
  return `${JSON.stringify({ provider: 'keyring-sealed', lock, sealed }, null, 2)}\n`;
}

function open(lock: PassphraseLock | SharesLock, secret: Buffer, sealed: string): string {
  const plain = gcmOpen(sealingKey(secret), aadOf(lock), Buffer.from(sealed, 'base64'));
  const text = plain.toString('utf8');
  plain.fill(0);
  return text;
}

function sealingKey(secret: Buffer): KeyObject {
  const info = lengthPrefixed(['payos/sealed-keyring/v1']);
  return createSecretKey(hkdfSha256(createSecretKey(secret), info, 32));
}

const checkValueOf = (secret: Buffer) => keyCheckValue(createSecretKey(secret));

/** How it is locked is authenticated: who can write the file cannot change the rules of it. */
function aadOf(lock: PassphraseLock | SharesLock): Buffer {
  const bound = Object.entries(lock).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return lengthPrefixed(['payos/sealed-keyring/v1', ...bound.flat()]);
}

function stretch(passphrase: string, { memory_kib: memory, passes, salt }: PassphraseLock) {
  const message = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  const nonce = Buffer.from(salt, 'hex');
  const key = argon2Sync('argon2id', {
    ...{ message, nonce, memory, passes, parallelism: 1, tagLength: 32 },
  });
  message.fill(0);
  return key;
}
