import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { KeyringRefused, openKeyring, withNewRoot } from '../seal/keyring-file.ts';
import {
  openByShares,
  passphraseLeast,
  readSealedKeyring,
  sealByPassphrase,
  sealByShares,
} from '../seal/sealed-keyring.ts';
import { parseShare } from '../seal/share.ts';
import type { SealKeyring, SplitKeyring } from './schemas.ts';
import { writeCustody } from './write-custody.ts';

type Split = {
  /** Content of the sealed keyring file. */
  keyring: string;
  /** One text for each custodian. They are nowhere else. */
  shares: string[];
  set: string;
  check_value: string;
};

/**
 * Puts a keyring into the hands of several custodians: it gets a new root, is sealed under a secret
 * that nobody has, and the secret is split. The roots before stay in it for as long as keys are
 * wrapped by them. Throws {@link Refusal}: `keyring_refused`, `share_refused`, `invalid_request`.
 */
export async function splitKeyring(db: Db, asked: SplitKeyring): Promise<Split> {
  if (asked.threshold > asked.shares) {
    throw new Refusal('invalid_request', { detail: 'The threshold is at most the shares.' });
  }
  const plain = refusing(() => withNewRoot(openKeyringText(asked)));
  const { keyring, lock, shares } = sealByShares(plain, asked.shares, asked.threshold);
  const what = `set ${lock.set}, ${lock.threshold} of ${lock.shares}`;
  await writeCustody(db, asked.by, 'split', `${what}, check value ${lock.check_value}`);
  return { keyring, shares, set: lock.set, check_value: lock.check_value };
}

/** Seals a keyring by a passphrase. Throws {@link Refusal}: `keyring_refused`. */
export async function sealKeyring(db: Db, asked: SealKeyring): Promise<{ keyring: string }> {
  refusing(() => openKeyring(asked.keyring));
  if (asked.passphrase.length < passphraseLeast) {
    throw new Refusal('invalid_request', {
      detail: `A passphrase has at least ${passphraseLeast} characters.`,
    });
  }
  const keyring = sealByPassphrase(asked.keyring, asked.passphrase);
  await writeCustody(db, asked.by, 'seal', 'passphrase');
  return { keyring };
}

/** What is to be split: in the clear, or in custody already, with the shares that open it. */
function openKeyringText({ keyring: text, unlock }: SplitKeyring): string {
  const sealed = readSealedKeyring(text);
  if (sealed === undefined) return text;
  if (sealed.lock.kind !== 'shares') throw new KeyringRefused(needsPlain);
  const shares = unlock.flatMap((share) => parseShare(share) ?? []);
  const whole = shares.length === unlock.length && new Set(shares.map(({ x }) => x));
  const opened = whole && whole.size === shares.length ? openByShares(sealed, shares) : undefined;
  if (opened !== undefined) return opened;
  throw new Refusal('share_refused', { detail: 'These shares do not open this keyring.' });
}

const needsPlain = 'A keyring that is sealed by a passphrase is split before it is sealed.';

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KeyringRefused)) throw error;
    throw new Refusal('keyring_refused', { detail: error.message });
  }
}
