import { readFileSync } from 'node:fs';
import { parseSettings } from 'payos-contract';
import { startVault, type VaultFiles, type VaultSettings } from './compose.ts';
import { nowMs } from './core/clock.ts';
import { createLog, describeError, type LogLevel } from './core/log.ts';
import { Refusal } from './core/problem.ts';
import { SealBroken } from './seal/key-provider.ts';
import { KeyringRefused, openKeyringFile } from './seal/keyring-file.ts';

const required = [
  'PAYOS_VAULT_DB_APP_URL',
  'PAYOS_TLS_CERT_FILE',
  'PAYOS_TLS_KEY_FILE',
  'PAYOS_INTERNAL_CERT_FILE',
  'PAYOS_INTERNAL_KEY_FILE',
  'PAYOS_INTERNAL_CA_FILE',
  'PAYOS_VAULT_KEYRING_FILE',
] as const;

const optional = [
  'PAYOS_HOST',
  'PAYOS_VAULT_PORT',
  'PAYOS_VAULT_INTERNAL_PORT',
  'PAYOS_INTERNAL_PORT',
  'PAYOS_DB_POOL',
  'PAYOS_ALLOW_KEYRING_FILE_IN_LIVE',
  'PAYOS_FORWARD_HOSTS',
  'PAYOS_SIMULATOR_CA_FILE',
  'PAYOS_RATE_LIMIT_ADDRESS',
  'PAYOS_LOG_LEVEL',
] as const;

type FileSetting = Extract<(typeof required | typeof optional)[number], `${string}_FILE`>;
type FilePaths = Readonly<Partial<Record<FileSetting, string | undefined>>>;

const wrongKeyring =
  'The keyring file does not open the keys in the database. Is it the one that made them?';

/** Reads every file that the settings name; what cannot be read is added to `mistakes`. */
function readFiles(paths: FilePaths, mistakes: string[]): VaultFiles | undefined {
  const read = (name: FileSetting): string => {
    try {
      return readFileSync(paths[name] ?? '', 'utf8');
    } catch {
      mistakes.push(`${name}: the file ${paths[name]} cannot be read.`);
      return '';
    }
  };
  const tls = { cert: read('PAYOS_TLS_CERT_FILE'), key: read('PAYOS_TLS_KEY_FILE') };
  const internal = {
    cert: read('PAYOS_INTERNAL_CERT_FILE'),
    key: read('PAYOS_INTERNAL_KEY_FILE'),
    ca: read('PAYOS_INTERNAL_CA_FILE'),
  };
  const given = paths.PAYOS_SIMULATOR_CA_FILE !== undefined;
  const processorCa = given ? read('PAYOS_SIMULATOR_CA_FILE') : undefined;
  try {
    const provider = openKeyringFile(paths.PAYOS_VAULT_KEYRING_FILE ?? '');
    return { tls, internal, processorCa, provider };
  } catch (error) {
    if (!(error instanceof KeyringRefused)) throw error;
    mistakes.push(error.message);
    return undefined;
  }
}

function fail(mistakes: readonly string[]): never {
  process.stderr.write(mistakes.map((mistake) => `vault: ${mistake}\n`).join(''));
  process.exit(1);
}

const parsed = parseSettings(process.env, [...required, ...optional], required, (path) =>
  readFileSync(path, 'utf8'),
);
if (!parsed.ok) fail(parsed.mistakes);
const { settings } = parsed;
const vaultSettings: VaultSettings = {
  host: settings.PAYOS_HOST ?? '127.0.0.1',
  publicPort: Number(settings.PAYOS_VAULT_PORT),
  internalPort: Number(settings.PAYOS_VAULT_INTERNAL_PORT),
  serverPort: Number(settings.PAYOS_INTERNAL_PORT),
  databaseUrl: settings.PAYOS_VAULT_DB_APP_URL,
  poolSize: Number(settings.PAYOS_DB_POOL),
  liveWithKeyringFile: settings.PAYOS_ALLOW_KEYRING_FILE_IN_LIVE !== 'no',
  forwardHosts: [settings.PAYOS_FORWARD_HOSTS ?? []].flat(),
  refusalsPerSecond: Number(settings.PAYOS_RATE_LIMIT_ADDRESS),
};
const mistakes: string[] = [];
const files = readFiles(settings, mistakes);
if (files === undefined || mistakes.length > 0) fail(mistakes);

const write = (text: string) => process.stdout.write(text);
const { log, flush } = createLog(settings.PAYOS_LOG_LEVEL as LogLevel, write, nowMs);
process.on('exit', flush);

// By default this signal opens Node's debugger, and with it the memory that holds cards.
process.on('SIGUSR1', () => log('warn', 'debugger_refused'));
process.on('uncaughtException', (error) => {
  process.stderr.write(`vault: stopped by an unexpected error: ${describeError(error)}\n`);
  process.exit(1);
});

const stop = await startVault(vaultSettings, files, log).catch((error: unknown) => {
  if (error instanceof Refusal) fail(['The database cannot be used: see PAYOS_VAULT_DB_APP_URL.']);
  if (error instanceof SealBroken) fail([wrongKeyring]);
  if (error instanceof Error) fail([`Cannot start: ${error.message}`]);
  throw error;
});

// A full disk must not stop payments: log lines that cannot be written are lost.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

let stopping = false;
async function shutDown(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log('info', 'stopping', { outcome: reason });
  await stop();
  process.exit(0);
}
process.on('SIGTERM', () => void shutDown('SIGTERM'));
process.on('SIGINT', () => void shutDown('SIGINT'));
process.on('disconnect', () => void shutDown('launcher gone'));

log('info', 'ready', { port: vaultSettings.publicPort });
process.send?.({ ready: true });
