import { createPrivateKey } from 'node:crypto';
import type { SettingName, SettingsResult, SettingsWith } from 'payos-contract';
import { internalTlsMistakes, loadSettings } from 'payos-secrets';
import { clock } from './clock.ts';

const names = [
  'PAYOS_HOST',
  'PAYOS_INTERNAL_HOST',
  'PAYOS_VAULT_INTERNAL_URL',
  'PAYOS_PORT',
  'PAYOS_VAULT_PORT',
  'PAYOS_INTERNAL_PORT',
  'PAYOS_VAULT_INTERNAL_PORT',
  'PAYOS_SIMULATOR_PORT',
  'PAYOS_WORKER_PORT',
  'PAYOS_PUBLIC_URL',
  'PAYOS_VAULT_PUBLIC_URL',
  'PAYOS_OPERATOR_SOCKET',
  'PAYOS_DB_APP_URL',
  'PAYOS_DB_READ_URL',
  'PAYOS_DB_POOL',
  'PAYOS_TLS_CERT',
  'PAYOS_TLS_KEY',
  'PAYOS_INTERNAL_CERT',
  'PAYOS_INTERNAL_KEY',
  'PAYOS_INTERNAL_CA',
  'PAYOS_VAULT_SIGNING_KEY',
  'PAYOS_KEY_PEPPER',
  'PAYOS_SEALING_KEY',
  'PAYOS_SIMULATOR_URL',
  'PAYOS_SIMULATOR_CA',
  'PAYOS_SIMULATOR_SECRET',
  'PAYOS_PROCESSOR_TIMEOUT_MS',
  'PAYOS_RESOLVE_AFTER_MS',
  'PAYOS_FORWARD_HOURLY',
  'PAYOS_EGRESS_ALLOW',
  'PAYOS_EGRESS_CA',
  'PAYOS_SECRET_SCANNING_KEYS',
  'PAYOS_WEBHOOK_TIMEOUT_MS',
  'PAYOS_WEBHOOK_RETRY_SCALE',
  'PAYOS_MAIL_FROM',
  'PAYOS_OPERATOR_EMAIL',
  'PAYOS_BREACHED_PASSWORDS_FILE',
  'PAYOS_SIGN_IN_RATE',
  'PAYOS_RATE_LIMIT',
  'PAYOS_RATE_LIMIT_ADDRESS',
  'PAYOS_METRICS_ALLOW',
  'PAYOS_LOG_LEVEL',
] as const satisfies readonly SettingName[];

/** The server writes mails and the worker sends them: only the worker knows the way out. */
const workerOnly = ['PAYOS_SMTP_URL', 'PAYOS_SMTP_CA'] as const satisfies readonly SettingName[];

/** Needed by server and worker alike. */
const shared = [
  'PAYOS_DB_APP_URL',
  'PAYOS_DB_READ_URL',
  'PAYOS_TLS_CERT',
  'PAYOS_TLS_KEY',
  'PAYOS_INTERNAL_CERT',
  'PAYOS_INTERNAL_KEY',
  'PAYOS_INTERNAL_CA',
  'PAYOS_VAULT_SIGNING_KEY',
  'PAYOS_SEALING_KEY',
  'PAYOS_SIMULATOR_SECRET',
] as const;
const serverOnly = ['PAYOS_KEY_PEPPER'] as const;

type Name = (typeof names)[number];
export type SharedSettings = SettingsWith<Name, (typeof shared)[number]>;
type WorkerSettings = SettingsWith<Name | (typeof workerOnly)[number], (typeof shared)[number]>;
type ServerSettings = SettingsWith<Name, (typeof shared)[number] | (typeof serverOnly)[number]>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings, or the mistakes in them. Fails also where the two keys to the vault are one. */
export async function readServerSettings(env: Environment) {
  const result = await loadSettings(env, names, [...shared, ...serverOnly]);
  return checkInternalPort(checkSigningKey<ServerSettings>(result));
}

/** As for the server; the worker checks no API keys and starts without their pepper. */
export async function readWorkerSettings(env: Environment) {
  return checkSigningKey<WorkerSettings>(
    await loadSettings(env, [...names, ...workerOnly], shared),
  );
}

/** What keeps the port of the vault from listening where others are. */
function checkInternalPort(result: SettingsResult<ServerSettings>) {
  if (!result.ok) return result;
  const { settings } = result;
  const mistakes = internalTlsMistakes(
    {
      name: 'payos-server',
      host: { setting: 'PAYOS_INTERNAL_HOST', address: settings.PAYOS_INTERNAL_HOST },
      cert: settings.PAYOS_INTERNAL_CERT,
      key: settings.PAYOS_INTERNAL_KEY,
      ca: settings.PAYOS_INTERNAL_CA,
      publicCert: settings.PAYOS_TLS_CERT,
    },
    clock.nowMs(),
  );
  return mistakes.length === 0 ? result : { ok: false as const, mistakes };
}

type WithKeys = { PAYOS_VAULT_SIGNING_KEY: string; PAYOS_INTERNAL_KEY: string };

/** What signs requests to the vault must not be stolen together with the key of the certificate. */
function checkSigningKey<S extends WithKeys>(result: SettingsResult<S>): SettingsResult<S> {
  const mistake = result.ok ? signingKeyMistake(result.settings) : undefined;
  return mistake === undefined ? result : { ok: false, mistakes: [mistake] };
}

function signingKeyMistake(settings: WithKeys): string | undefined {
  try {
    const signing = createPrivateKey(settings.PAYOS_VAULT_SIGNING_KEY);
    if (signing.asymmetricKeyType !== 'ed25519') {
      return 'PAYOS_VAULT_SIGNING_KEY must be an Ed25519 key. See docs/vault-deployment.md.';
    }
    const internal = createPrivateKey(settings.PAYOS_INTERNAL_KEY);
    // Keys of two kinds are not compared: OpenSSL would remember that as an error, for later.
    const isShared = internal.asymmetricKeyType === 'ed25519' && signing.equals(internal);
    return isShared
      ? 'PAYOS_VAULT_SIGNING_KEY must be another than PAYOS_INTERNAL_KEY.'
      : undefined;
  } catch {
    return 'PAYOS_VAULT_SIGNING_KEY or PAYOS_INTERNAL_KEY cannot be read as a private key.';
  }
}
