import {
  readSettings,
  type SettingName,
  type SettingsResult,
  type SettingsWith,
} from 'payos-contract/settings';
import { readSettingFile } from './file.ts';
import { openSources } from './sources.ts';

export { internalTlsMistakes } from './internal-tls.ts';
export { openVaultSession, type VaultSession } from './vault-session.ts';

/**
 * Reads the settings of a process from where they are: the environment, the files it names, and the
 * secret services that either refers to. Takes 15 seconds at most, and touches a service only when
 * a setting refers to it.
 *
 * @param env the environment, with the services' own settings (`VAULT_ADDR`, …) in it
 * @param names what this process uses
 * @param required those among them without which it cannot start
 */
export async function loadSettings<N extends SettingName, R extends N = never>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly N[],
  required: readonly R[],
): Promise<SettingsResult<SettingsWith<N, R>>> {
  const { readSecret, close } = openSources(env);
  try {
    return await readSettings(env, names, required, { readFile: readSettingFile, readSecret });
  } finally {
    await close();
  }
}
