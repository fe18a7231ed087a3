import { join } from 'node:path';
import type { SettingName, Settings } from 'payos-contract/settings';
import { certificateFiles } from './certificate-files.ts';
import type { Derived, ProcessName } from './child-settings.ts';
import type { Layout } from './layout.ts';
import { machineOf } from './machine.ts';
import { freePortFrom, type WantedPort } from './ports.ts';
import type { Places } from './quickstart.ts';
import type { SecretName, Secrets } from './secrets.ts';
import { signingKeyFiles } from './signing-keys.ts';

export type AllSettings = Settings<SettingName>;

/** Where users find us. */
export function placesOf(settings: AllSettings, layout: Layout): Places {
  const local = (port: number) => `https://localhost:${port}`;
  const trimmed = (url: string) => url.replace(/\/+$/, '');
  return {
    api_url: trimmed(settings.PAYOS_PUBLIC_URL ?? local(settings.PAYOS_PORT)),
    vault_url: trimmed(settings.PAYOS_VAULT_PUBLIC_URL ?? local(settings.PAYOS_VAULT_PORT)),
    ca_file: certificateFiles(layout.tls, 'ca').cert,
  };
}

const insidePorts = [
  'PAYOS_INTERNAL_PORT',
  'PAYOS_VAULT_INTERNAL_PORT',
  'PAYOS_SIMULATOR_PORT',
  'PAYOS_WORKER_PORT',
] as const;

/** Which of our processes listens where. */
const listeners = {
  PAYOS_PORT: 'server',
  PAYOS_VAULT_PORT: 'vault',
  PAYOS_INTERNAL_PORT: 'server',
  PAYOS_VAULT_INTERNAL_PORT: 'vault',
  PAYOS_SIMULATOR_PORT: 'simulator',
  PAYOS_WORKER_PORT: 'worker',
} as const satisfies Partial<Record<SettingName, ProcessName>>;

/**
 * Moves those of the inside ports that are taken and that nobody chose: only our own processes
 * use them, so that a second installation beside a first needs other public ports only. Where
 * another machine has to find them they stay.
 */
export async function settleInsidePorts(
  settings: AllSettings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<AllSettings> {
  const moved: Partial<Record<(typeof insidePorts)[number], number>> = {};
  if (settings.PAYOS_RUN !== 'everything') return settings;
  for (const setting of insidePorts) {
    if (env[setting] || env[`${setting}_FILE`]) continue;
    moved[setting] = await freePortFrom(settings[setting]);
  }
  return Object.freeze({ ...settings, ...moved });
}

/** The ports that must be free. */
export function portsOf(settings: AllSettings): WantedPort[] {
  const { runs } = machineOf(settings);
  const hosts = {
    PAYOS_PORT: settings.PAYOS_HOST,
    PAYOS_VAULT_PORT: settings.PAYOS_VAULT_HOST ?? settings.PAYOS_HOST,
    PAYOS_INTERNAL_PORT: settings.PAYOS_INTERNAL_HOST,
    PAYOS_VAULT_INTERNAL_PORT: settings.PAYOS_VAULT_INTERNAL_HOST,
    PAYOS_SIMULATOR_PORT: settings.PAYOS_SIMULATOR_HOST,
    PAYOS_WORKER_PORT: '127.0.0.1',
  } as const;
  const wanted = Object.keys(hosts) as (keyof typeof hosts)[];
  return wanted
    .filter((setting) => runs.includes(listeners[setting]))
    .map((setting) => ({ setting, port: settings[setting], host: hosts[setting] }));
}

/** The secrets that the user's own settings give, or that this machine has no use for. */
export function givenSecrets(settings: AllSettings): SecretName[] {
  const settingOf = {
    'key-pepper': settings.PAYOS_KEY_PEPPER,
    'sealing-key': settings.PAYOS_SEALING_KEY,
    'simulator-secret': settings.PAYOS_SIMULATOR_SECRET,
    'vault-keyring.json': settings.PAYOS_VAULT_KEYRING,
  } as const;
  const names = Object.keys(settingOf) as (keyof typeof settingOf)[];
  const { isVault, vaultIsElsewhere } = machineOf(settings);
  const isNeedless = (name: SecretName) =>
    name === 'vault-keyring.json' ? vaultIsElsewhere || !usesKeyring(settings) : isVault;
  return names.filter((name) => settingOf[name] !== undefined || isNeedless(name));
}

/** Otherwise the roots of the vault's keys are in a key service. */
function usesKeyring(settings: AllSettings): boolean {
  const { PAYOS_VAULT_KEY_PROVIDER: current, PAYOS_VAULT_OLD_KEY_PROVIDER: old } = settings;
  return current === 'keyring' || old === 'keyring';
}

/** Everything a process can be told that follows from the layout and the settings. */
export function deriveSettings(
  name: ProcessName,
  settings: AllSettings,
  layout: Layout,
  { files }: Secrets,
): Derived {
  const places = placesOf(settings, layout);
  if (machineOf(settings).isVault) return ofVaultAlone(settings, layout, files);
  const leaf = certificateFiles(layout.tls, name === 'simulator' ? 'payos-simulator' : 'localhost');
  const internal = join(layout.tls, 'internal');
  const own = certificateFiles(internal, `payos-${name}`);
  const simulator = `localhost:${settings.PAYOS_SIMULATOR_PORT}`;
  return {
    PAYOS_DATA_DIR: { value: layout.root },
    ...Object.fromEntries(
      insidePorts.map((setting) => [setting, { value: String(settings[setting]) }]),
    ),
    PAYOS_PUBLIC_URL: { value: places.api_url },
    PAYOS_VAULT_PUBLIC_URL: { value: places.vault_url },
    PAYOS_OPERATOR_SOCKET: { value: operatorSocket(settings, layout) },
    PAYOS_VAULT_OPERATOR_SOCKET: { value: vaultSocket(settings, layout) },
    PAYOS_TLS_CERT: { file: leaf.cert },
    PAYOS_TLS_KEY: { file: leaf.key },
    PAYOS_INTERNAL_CERT: { file: own.cert },
    PAYOS_INTERNAL_KEY: { file: own.key },
    PAYOS_INTERNAL_CA: { file: certificateFiles(internal, 'ca').cert },
    PAYOS_VAULT_SIGNING_KEY: { file: signingKeyFiles(internal, name).key },
    PAYOS_SERVER_SIGNING_KEYS: { file: signingKeyFiles(internal, 'server').publicKey },
    PAYOS_WORKER_SIGNING_KEYS: { file: signingKeyFiles(internal, 'worker').publicKey },
    PAYOS_SIMULATOR_URL: { value: `https://${simulator}` },
    PAYOS_SIMULATOR_CA: { file: places.ca_file },
    // It can vouch for localhost only: a receiver on this machine can use our certificates.
    PAYOS_EGRESS_CA: { file: places.ca_file },
    PAYOS_SIMULATOR_SECRET: { file: files['simulator-secret'] },
    PAYOS_FORWARD_HOSTS: { value: simulator },
    PAYOS_KEY_PEPPER: { file: files['key-pepper'] },
    PAYOS_SEALING_KEY: { file: files['sealing-key'] },
    ...(usesKeyring(settings)
      ? { PAYOS_VAULT_KEYRING: { file: files['vault-keyring.json'] } }
      : {}),
  };
}

/** Certificates and keys are made elsewhere: what others made of them was given. */
function ofVaultAlone(settings: AllSettings, layout: Layout, files: Secrets['files']): Derived {
  return {
    PAYOS_VAULT_OPERATOR_SOCKET: { value: vaultSocket(settings, layout) },
    ...(usesKeyring(settings)
      ? { PAYOS_VAULT_KEYRING: { file: files['vault-keyring.json'] } }
      : {}),
  };
}

/** Where the server listens for the user of this machine. */
export function operatorSocket(settings: AllSettings, layout: Layout): string {
  return settings.PAYOS_OPERATOR_SOCKET ?? join(layout.run, 'operator.sock');
}

/** Where the vault does, for its keys and those who have the root of them. */
export function vaultSocket(settings: AllSettings, layout: Layout): string {
  return settings.PAYOS_VAULT_OPERATOR_SOCKET ?? join(layout.run, 'vault.sock');
}
