import { openVaultSession } from 'payos-secrets';
import { openAwsKms } from './aws-kms.ts';
import type { KeyProvider } from './key-provider.ts';
import { KeyServiceMisconfigured } from './key-service.ts';
import { openKeyring } from './keyring-file.ts';
import { twoProviders } from './two-providers.ts';
import { openVaultTransit } from './vault-transit.ts';

/** What opens the key providers, by the settings of the same names. */
export type ProviderSettings = {
  provider: string;
  oldProvider: string;
  keyring: string | undefined;
  kmsKeys: readonly string[];
  transitKeys: readonly string[];
};

/**
 * The provider of the settings, with the one before it as long as that is set.
 *
 * @param env with what opens the services: `AWS_…` is read by the SDK itself, `VAULT_…` from here
 * @throws KeyringRefused, KeyServiceMisconfigured
 */
export function openProvider(
  settings: ProviderSettings,
  env: Readonly<Record<string, string | undefined>>,
): KeyProvider {
  const openers: Record<string, () => KeyProvider> = {
    keyring: () => {
      if (settings.keyring !== undefined) return openKeyring(settings.keyring);
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
