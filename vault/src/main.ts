import { fileURLToPath } from 'node:url';
import type { SettingsWith } from 'payos-contract';
import { internalTlsMistakes, loadSettings } from 'payos-secrets';
import { readSigners, type Signers } from './api/request-context.ts';
import { type BinTable, createBinTable, firstOf } from './cards/bins.ts';
import { readBinsFile } from './cards/read-bins.ts';
import { shippedBins } from './cards/shipped-bins.ts';
import { startVault, type VaultFiles, type VaultSettings } from './compose.ts';
import { nowMs } from './core/clock.ts';
import { emptyCoreDumps, readCircumstances, weaknessesOf } from './core/hardening.ts';
import { createLog, describeError, type LogLevel } from './core/log.ts';
import { Refusal } from './core/problem.ts';
import { SealBroken } from './seal/key-provider.ts';
import { KeyServiceFailed, KeyServiceMisconfigured } from './seal/key-service.ts';
import { KeyringRefused } from './seal/keyring-file.ts';
import { isLocked } from './seal/locked-provider.ts';
import { openProvider } from './seal/open-provider.ts';

const required = [
  'PAYOS_VAULT_DB_APP_URL',
  'PAYOS_TLS_CERT',
  'PAYOS_TLS_KEY',
  'PAYOS_INTERNAL_CERT',
  'PAYOS_INTERNAL_KEY',
  'PAYOS_INTERNAL_CA',
  'PAYOS_SERVER_SIGNING_KEYS',
  'PAYOS_WORKER_SIGNING_KEYS',
] as const;

const optional = [
  'PAYOS_HOST',
  'PAYOS_VAULT_HOST',
  'PAYOS_VAULT_INTERNAL_HOST',
  'PAYOS_INTERNAL_URL',
  'PAYOS_VAULT_PORT',
  'PAYOS_VAULT_INTERNAL_PORT',
  'PAYOS_INTERNAL_PORT',
  'PAYOS_DB_POOL',
  'PAYOS_VAULT_KEY_PROVIDER',
  'PAYOS_VAULT_OLD_KEY_PROVIDER',
  'PAYOS_VAULT_KMS_KEY',
  'PAYOS_VAULT_TRANSIT_KEY',
  'PAYOS_VAULT_KEY_CACHE_SECONDS',
  'PAYOS_VAULT_KEY_DESTROY_DAYS',
  'PAYOS_VAULT_OPERATOR_SOCKET',
  'PAYOS_VAULT_KEYRING',
  'PAYOS_VAULT_KEYRING_PASSPHRASE',
  'PAYOS_ALLOW_KEYRING_FILE_IN_LIVE',
  'PAYOS_FORWARD_HOSTS',
  'PAYOS_VAULT_REVEAL_KEYS',
  'PAYOS_FIELDS_FOLDER',
  'PAYOS_FORWARD_DESTINATIONS',
  'PAYOS_EGRESS_ALLOW',
  'PAYOS_EGRESS_CA',
  'PAYOS_SIMULATOR_CA',
  'PAYOS_RATE_LIMIT_ADDRESS',
  'PAYOS_RATE_LIMIT_VISITOR',
  'PAYOS_VAULT_BINS_FILE',
  'PAYOS_LOG_LEVEL',
] as const;

type Required = (typeof required)[number];
type Given = SettingsWith<Required | (typeof optional)[number], Required>;

const builtFields = fileURLToPath(new URL('../../fields/dist', import.meta.url));

const wrongRoot =
  'The keyring file, or the key of the service, does not open the keys in the database. Is it ' +
  'the one that made them?';

const sealedNote =
  'It is sealed: no card is taken or sent until the custodians have given their shares. ' +
  'See npx payos vault unseal --help';

/** @throws KeyringRefused, KeyServiceMisconfigured */
function filesOf(settings: Given): VaultFiles {
  return {
    tls: { cert: settings.PAYOS_TLS_CERT, key: settings.PAYOS_TLS_KEY },
    internal: {
      cert: settings.PAYOS_INTERNAL_CERT,
      key: settings.PAYOS_INTERNAL_KEY,
      ca: settings.PAYOS_INTERNAL_CA,
    },
    processorCa: settings.PAYOS_SIMULATOR_CA,
    bins: binsOf(settings.PAYOS_VAULT_BINS_FILE),
    signers: signersOf(settings),
    egressCa: settings.PAYOS_EGRESS_CA,
    provider: openProvider(
      {
        provider: settings.PAYOS_VAULT_KEY_PROVIDER ?? 'keyring',
        oldProvider: settings.PAYOS_VAULT_OLD_KEY_PROVIDER ?? 'none',
        keyring: settings.PAYOS_VAULT_KEYRING,
        passphrase: settings.PAYOS_VAULT_KEYRING_PASSPHRASE,
        kmsKeys: [settings.PAYOS_VAULT_KMS_KEY ?? []].flat(),
        transitKeys: [settings.PAYOS_VAULT_TRANSIT_KEY ?? []].flat(),
      },
      process.env,
    ),
  };
}

function internalTlsOf(settings: Given) {
  return {
    name: 'payos-vault',
    host: {
      setting: 'PAYOS_VAULT_INTERNAL_HOST',
      address: settings.PAYOS_VAULT_INTERNAL_HOST ?? '127.0.0.1',
    },
    cert: settings.PAYOS_INTERNAL_CERT,
    key: settings.PAYOS_INTERNAL_KEY,
    ca: settings.PAYOS_INTERNAL_CA,
    publicCert: settings.PAYOS_TLS_CERT,
  };
}

function binsOf(path: string | undefined): BinTable {
  if (path === undefined) return shippedBins;
  const { ranges, mistakes } = readBinsFile(path);
  if (mistakes.length > 0) fail(mistakes.map((mistake) => `PAYOS_VAULT_BINS_FILE: ${mistake}`));
  return firstOf(createBinTable(ranges), shippedBins);
}

function signersOf(settings: Given): Signers {
  try {
    return readSigners({
      'payos-server': settings.PAYOS_SERVER_SIGNING_KEYS,
      'payos-worker': settings.PAYOS_WORKER_SIGNING_KEYS,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return fail([`PAYOS_SERVER_SIGNING_KEYS, PAYOS_WORKER_SIGNING_KEYS: ${why}`]);
  }
}

function fail(mistakes: readonly string[]): never {
  process.stderr.write(mistakes.map((mistake) => `vault: ${mistake}\n`).join(''));
  process.exit(1);
}

/** The result of `work`, or the end of the process with what it says about the key provider. */
function orFail<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isForOperator =
      error instanceof KeyringRefused || error instanceof KeyServiceMisconfigured;
    if (isForOperator) fail([error.message]);
    throw error;
  }
}

const parsed = await loadSettings(process.env, [...required, ...optional], required);
if (!parsed.ok) fail(parsed.mistakes);
for (const warning of parsed.warnings) process.stderr.write(`vault: warning: ${warning}\n`);
const { settings } = parsed;
const vaultSettings: VaultSettings = {
  host: settings.PAYOS_VAULT_HOST ?? settings.PAYOS_HOST ?? '127.0.0.1',
  publicPort: Number(settings.PAYOS_VAULT_PORT),
  internalHost: settings.PAYOS_VAULT_INTERNAL_HOST ?? '127.0.0.1',
  internalPort: Number(settings.PAYOS_VAULT_INTERNAL_PORT),
  serverUrl: settings.PAYOS_INTERNAL_URL ?? `https://localhost:${settings.PAYOS_INTERNAL_PORT}`,
  databaseUrl: settings.PAYOS_VAULT_DB_APP_URL,
  poolSize: Number(settings.PAYOS_DB_POOL),
  liveWithKeyringFile: settings.PAYOS_ALLOW_KEYRING_FILE_IN_LIVE !== 'no',
  fieldsFolder: settings.PAYOS_FIELDS_FOLDER ?? builtFields,
  forwardHosts: [settings.PAYOS_FORWARD_HOSTS ?? []].flat(),
  revealKeys: new Set([settings.PAYOS_VAULT_REVEAL_KEYS ?? []].flat()),
  forwardDestinations: [settings.PAYOS_FORWARD_DESTINATIONS ?? []].flat(),
  egressAllow: [settings.PAYOS_EGRESS_ALLOW ?? []].flat(),
  keyCacheMs: Number(settings.PAYOS_VAULT_KEY_CACHE_SECONDS) * 1_000,
  operatorSocket: settings.PAYOS_VAULT_OPERATOR_SOCKET,
  destroyWaitMs: Number(settings.PAYOS_VAULT_KEY_DESTROY_DAYS) * 86_400_000,
  refusalsPerSecond: Number(settings.PAYOS_RATE_LIMIT_ADDRESS),
  visitorsPerSecond: Number(settings.PAYOS_RATE_LIMIT_VISITOR),
  findWeaknesses: () => weaknessesOf(readCircumstances(process.env)),
};
const exposed = internalTlsMistakes(internalTlsOf(settings), nowMs());
if (exposed.length > 0) fail(exposed);
const files = orFail(() => filesOf(settings));

emptyCoreDumps();

// A full disk must not stop payments, nor a start: lines that cannot be written are lost.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
const write = (text: string) => process.stdout.write(text);
const { log, flush, onCardData } = createLog(settings.PAYOS_LOG_LEVEL as LogLevel, write, nowMs);
process.on('exit', flush);

// By default this signal opens Node's debugger, and with it the memory that holds cards.
process.on('SIGUSR1', () => log('warn', 'debugger_refused'));
process.on('uncaughtException', (error) => {
  process.stderr.write(`vault: stopped by an unexpected error: ${describeError(error)}\n`);
  process.exit(1);
});

const stop = await startVault(vaultSettings, files, log, onCardData).catch((error: unknown) => {
  if (error instanceof KeyServiceFailed) fail([`The keys cannot be had: ${error.reason}`]);
  if (error instanceof Refusal) fail(['The database cannot be used: see PAYOS_VAULT_DB_APP_URL.']);
  if (error instanceof SealBroken) fail([wrongRoot]);
  if (error instanceof Error) fail([`Cannot start: ${error.message}`]);
  throw error;
});

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
process.send?.(isLocked(files.provider) ? { ready: true, note: sealedNote } : { ready: true });
