import { resolve } from 'node:path';
import type { SettingName } from 'payos-contract/settings';

export type ProcessName = 'simulator' | 'vault' | 'server' | 'worker';

const publicTls = ['PAYOS_TLS_CERT', 'PAYOS_TLS_KEY'] as const;
const internal = [
  'PAYOS_INTERNAL_PORT',
  'PAYOS_VAULT_INTERNAL_PORT',
  'PAYOS_INTERNAL_CERT',
  'PAYOS_INTERNAL_KEY',
  'PAYOS_INTERNAL_CA',
] as const;
const controlPlane = [
  ...internal,
  'PAYOS_VAULT_SIGNING_KEY',
  'PAYOS_VAULT_INTERNAL_URL',
  'PAYOS_DB_APP_URL',
  'PAYOS_DB_READ_URL',
  'PAYOS_DB_POOL',
  'PAYOS_SEALING_KEY',
  'PAYOS_SIMULATOR_URL',
  'PAYOS_SIMULATOR_PORT',
  'PAYOS_SIMULATOR_CA',
  'PAYOS_SIMULATOR_SECRET',
  'PAYOS_PROCESSOR_TIMEOUT_MS',
  'PAYOS_RESOLVE_AFTER_MS',
  'PAYOS_FORWARD_HOURLY',
  'PAYOS_EGRESS_ALLOW',
  'PAYOS_EGRESS_CA',
  'PAYOS_WEBHOOK_TIMEOUT_MS',
  'PAYOS_WEBHOOK_RETRY_SCALE',
  'PAYOS_MAIL_FROM',
  'PAYOS_PORT',
  'PAYOS_PUBLIC_URL',
  'PAYOS_LOG_LEVEL',
] as const;

/**
 * What each process is told, and nothing beyond it. The vault learns nothing of the control plane's
 * database and keys; nobody but the vault learns of its database and its keyring.
 */
export const settingsOf: Readonly<Record<ProcessName, readonly SettingName[]>> = {
  simulator: [
    ...publicTls,
    'PAYOS_SIMULATOR_HOST',
    'PAYOS_SIMULATOR_PORT',
    'PAYOS_SIMULATOR_SECRET',
    'PAYOS_DATA_DIR',
    'PAYOS_LOG_LEVEL',
  ],
  vault: [
    ...publicTls,
    ...internal,
    'PAYOS_SERVER_SIGNING_KEYS',
    'PAYOS_WORKER_SIGNING_KEYS',
    'PAYOS_HOST',
    'PAYOS_VAULT_HOST',
    'PAYOS_VAULT_INTERNAL_HOST',
    'PAYOS_INTERNAL_URL',
    'PAYOS_VAULT_PORT',
    'PAYOS_VAULT_DB_APP_URL',
    'PAYOS_DB_POOL',
    'PAYOS_VAULT_KEY_PROVIDER',
    'PAYOS_VAULT_OLD_KEY_PROVIDER',
    'PAYOS_VAULT_KMS_KEY',
    'PAYOS_VAULT_TRANSIT_KEY',
    'PAYOS_VAULT_KEY_CACHE_SECONDS',
    'PAYOS_VAULT_KEY_DESTROY_DAYS',
    'PAYOS_VAULT_REVEAL_KEYS',
    'PAYOS_VAULT_OPERATOR_SOCKET',
    'PAYOS_VAULT_KEYRING',
    'PAYOS_VAULT_BINS_FILE',
    'PAYOS_VAULT_KEYRING_PASSPHRASE',
    'PAYOS_ALLOW_KEYRING_FILE_IN_LIVE',
    'PAYOS_FORWARD_HOSTS',
    'PAYOS_FIELDS_FOLDER',
    'PAYOS_FORWARD_DESTINATIONS',
    'PAYOS_EGRESS_ALLOW',
    'PAYOS_EGRESS_CA',
    'PAYOS_SIMULATOR_CA',
    'PAYOS_RATE_LIMIT_ADDRESS',
    'PAYOS_RATE_LIMIT_VISITOR',
    'PAYOS_LOG_LEVEL',
  ],
  server: [
    ...publicTls,
    ...controlPlane,
    'PAYOS_HOST',
    'PAYOS_INTERNAL_HOST',
    'PAYOS_VAULT_PORT',
    'PAYOS_VAULT_PUBLIC_URL',
    'PAYOS_OPERATOR_SOCKET',
    'PAYOS_KEY_PEPPER',
    'PAYOS_BREACHED_PASSWORDS_FILE',
    'PAYOS_SECRET_SCANNING_KEYS',
    'PAYOS_SIGN_IN_RATE',
    'PAYOS_RATE_LIMIT',
    'PAYOS_RATE_LIMIT_ADDRESS',
    'PAYOS_METRICS_ALLOW',
  ],
  worker: [
    ...publicTls,
    ...controlPlane,
    'PAYOS_WORKER_PORT',
    'PAYOS_SMTP_URL',
    'PAYOS_SMTP_CA',
    'PAYOS_METRICS_ALLOW',
  ],
};

/** What the launcher fills in: a plain value, or the path of a file that holds a secret. */
export type Derived = Partial<Record<SettingName, { value: string } | { file: string }>>;

type Environment = Readonly<Record<string, string | undefined>>;

const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_COMPILE_CACHE'];

const isPublicTls = (name: string) =>
  publicTls.some((setting) => name === setting || name === `${setting}_FILE`);

/**
 * The environment with what came from secret services put in. The processes get values, each its
 * own, and neither the references nor what opens the services: a process that is broken into
 * cannot go on and read what the others use.
 */
export function withFetched(
  env: Environment,
  fetched: ReadonlyMap<SettingName, string>,
): Environment {
  // A value goes before a file, which may have held the reference.
  return { ...env, ...Object.fromEntries(fetched) };
}

const opensService: Readonly<Record<string, RegExp>> = {
  'aws-kms': /^AWS_[A-Z0-9_]+$/,
  'vault-transit': /^VAULT_(ADDR|CACERT|NAMESPACE|(TOKEN|ROLE_ID|SECRET_ID)(_FILE)?)$/,
};

/** What opens the key service that the vault asks as long as it runs; nobody else is told. */
function keyServiceVariables(env: Environment): string[] {
  const providers = [env['PAYOS_VAULT_KEY_PROVIDER'], env['PAYOS_VAULT_OLD_KEY_PROVIDER']];
  const patterns = providers.flatMap((provider) => opensService[provider ?? ''] ?? []);
  return Object.keys(env).filter((name) => patterns.some((pattern) => pattern.test(name)));
}

/** The environment of a process: what the user set goes before what the launcher derives. */
export function childEnvironment(name: ProcessName, env: Environment, derived: Derived) {
  const result: Record<string, string> = {};
  const copy = (from: string) => {
    // The simulator stands for a foreign company: it has a certificate and a name of its own.
    const value = name === 'simulator' && isPublicTls(from) ? undefined : env[from];
    if (value === undefined || value === '') return false;
    result[from] = from.endsWith('_FILE') ? resolve(value) : value;
    return true;
  };
  for (const variable of inherited) copy(variable);
  // Code that the environment asks every Node to load has no place in the card data environment.
  if (name !== 'vault')
    for (const variable of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']) copy(variable);
  if (name === 'vault') for (const variable of keyServiceVariables(env)) copy(variable);
  for (const setting of settingsOf[name]) {
    if (copy(setting) || copy(`${setting}_FILE`)) continue;
    const own = derived[setting];
    if (own === undefined) continue;
    if ('value' in own) result[setting] = own.value;
    else result[`${setting}_FILE`] = own.file;
  }
  return result;
}
