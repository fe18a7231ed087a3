import type { KeyProvider } from './key-provider.ts';
import { KeyServiceFailed } from './key-service.ts';
import { openByShares, type SealedKeyring, type SharesLock } from './sealed-keyring.ts';
import type { Share } from './share.ts';

/** A provider that does nothing until enough custodians have given their shares. */
export type LockedProvider = KeyProvider & {
  readonly lock: SharesLock;
  /** Begins to serve, if these open it. @returns false when one of them is wrong */
  unlock(shares: readonly Share[]): boolean;
  /** Forgets the root again. */
  lockAgain(): Promise<void>;
};

/** Whether custodians' shares open it: true also of one that they have opened. */
export const isLocked = (provider: KeyProvider): provider is LockedProvider => 'lock' in provider;

const sealedReason = 'The vault is sealed: it waits for the shares of its custodians.';

/**
 * @param open what makes the provider of the keyring's content
 */
export function lockedProvider(
  keyring: SealedKeyring & { lock: SharesLock },
  open: (text: string) => KeyProvider,
): LockedProvider {
  let inner: KeyProvider | undefined;
  const opened = () => {
    if (inner === undefined) throw new KeyServiceFailed(sealedReason);
    return inner;
  };
  return {
    name: 'keyring-shares',
    // Nothing that lies on the disk opens it.
    fitForLive: true,
    lock: keyring.lock,
    get isRemote() {
      return inner?.isRemote ?? false;
    },
    get root() {
      return opened().root;
    },
    opens: (root) => opened().opens(root),
    wrap: async (key, context) => opened().wrap(key, context),
    unwrap: async (wrapped, context) => opened().unwrap(wrapped, context),
    unlock: (shares) => {
      const text = openByShares(keyring, shares);
      if (text === undefined) return false;
      inner = open(text);
      return true;
    },
    lockAgain: async () => {
      const former = inner;
      inner = undefined;
      await former?.close();
    },
    close: async () => inner?.close(),
  };
}
