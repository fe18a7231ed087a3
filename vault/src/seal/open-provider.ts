import { openVaultSession } from 'payos-secrets';
import { openAwsKms } from './aws-kms.ts';
import { type KeyProvider, SealBroken } from './key-provider.ts';
import { KeyServiceMisconfigured } from './key-service.ts';
import { KeyringRefused, openKeyring } from './keyring-file.ts';
import { lockedProvider } from './locked-provider.ts';
import { openByPassphrase, readSealedKeyring } from './sealed-keyring.ts';
import { twoProviders } from './two-providers.ts';
import { openVaultTransit } from './vault-transit.ts';

/** What opens the key providers, by the settings of the same names. */
type ProviderSettings = {
  provider: string;
  oldProvider: string;
  keyring: string | undefined;
  /** Opens a keyring that was sealed by a passphrase. */
  passphrase: string | undefined;
  kmsKeys: readonly string[];
  transitKeys: readonly string[];
};

/**
 * The provider of the settings, with the one before it as long as that is set. Where a keyring is
 * in the hands of custodians, it is a `LockedProvider`.
 *
 * @param env with what opens the services: `AWS_…` is read by the SDK itself, `VAULT_…` from here
 * @throws KeyringRefused, KeyServiceMisconfigured
 */
export function openProvider(settings: ProviderSettings, env: Environment): KeyProvider {
  const uses = [settings.provider, settings.oldProvider].includes('keyring');
  const { keyring: text } = settings;
  const keyring = uses && text !== undefined ? readSealedKeyring(text) : undefined;
  if (keyring === undefined) return build(settings, env, false);
  const { lock } = keyring;
  if (lock.kind === 'shares') {
    return lockedProvider({ ...keyring, lock }, (opened) =>
      build({ ...settings, keyring: opened }, env, true),
    );
  }
  if (settings.passphrase === undefined) {
    throw new KeyringRefused('PAYOS_VAULT_KEYRING is sealed: set PAYOS_VAULT_KEYRING_PASSPHRASE.');
  }
  try {
    const opened = openByPassphrase(keyring, settings.passphrase);
    return build({ ...settings, keyring: opened }, env, false);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new KeyringRefused('PAYOS_VAULT_KEYRING_PASSPHRASE does not open PAYOS_VAULT_KEYRING.');
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function build(settings: ProviderSettings, env: Environment, inCustody: boolean): KeyProvider {
  const openers: Record<string, () => KeyProvider> = {
    keyring: () => {
      if (settings.keyring !== undefined) return openKeyring(settings.keyring, inCustody);
      throw new KeyServiceMisconfigured('PAYOS_VAULT_KEYRING is not set.');
    },
    'aws-kms': () => openAwsKms(settings.kmsKeys),
    'vault-transit': () => openVaultTransit(settings.transitKeys, openVaultSession(env)),
  };
  const current = openers[settings.provider]?.();
  if (current === undefined) throw new KeyServiceMisconfigured('There is no such key provider.');
  const old =
    settings.oldProvider === settings.provider ? undefined : openers[settings.oldProvider];
  return old === undefined ? current : twoProviders(current, old());
}
