/**
 * Every setting of every process, in one place, with its default. A setting is an environment
 * variable; a secret may also come from a file, as `NAME_FILE`. Parsing is pure: the caller hands
 * over the environment, so that only the entry file of each process touches `process.env`.
 */
type Kind =
  | 'text'
  | 'secret'
  | 'database'
  | 'file'
  | 'port'
  | 'integer'
  | 'ranges'
  | 'list'
  | 'choice';

export type SettingSpec = {
  kind: Kind;
  /** `undefined`: no value unless given. The launcher fills such settings in where it can. */
  fallback: string | undefined;
  help: string;
  choices?: readonly string[];
  min?: number;
  max?: number;
};

// Each helper keeps its literal types: the types of the parsed settings are derived from them.
const text = <F extends string | undefined>(fallback: F, help: string) =>
  ({ kind: 'text', fallback, help }) as const;
const secret = (help: string) => ({ kind: 'secret', fallback: undefined, help }) as const;
const database = (help: string) => ({ kind: 'database', fallback: undefined, help }) as const;
const file = (help: string) => ({ kind: 'file', fallback: undefined, help }) as const;
const ranges = (fallback: string, help: string) => ({ kind: 'ranges', fallback, help }) as const;
const port = (fallback: string, help: string) => ({ kind: 'port', fallback, help }) as const;
const list = (fallback: string, help: string) => ({ kind: 'list', fallback, help }) as const;
const integer = (fallback: string, min: number, max: number, help: string) =>
  ({ kind: 'integer', fallback, min, max, help }) as const;

export const settingsTable = {
  // Where things are
  PAYOS_DATA_DIR: text('.payos', 'Folder of all state: database, keys, certificates, logs.'),
  PAYOS_HOST: text('127.0.0.1', 'Address the API and the vault listen on. 0.0.0.0 opens them up.'),
  PAYOS_PORT: port('8443', 'HTTPS port of the API.'),
  PAYOS_VAULT_PORT: port('8444', 'HTTPS port of the vault (card collection).'),
  PAYOS_INTERNAL_PORT: port('8445', 'mTLS port where the server answers the vault.'),
  PAYOS_VAULT_INTERNAL_PORT: port('8446', 'mTLS port where the vault answers the server.'),
  PAYOS_SIMULATOR_PORT: port('8447', 'HTTPS port of the built-in test processor.'),
  PAYOS_WORKER_PORT: port('8448', 'HTTPS port of the worker, for its health and its metrics.'),
  PAYOS_PUBLIC_URL: text(
    undefined,
    'URL of the API as users see it. Default: https://localhost:PORT.',
  ),
  PAYOS_VAULT_PUBLIC_URL: text(undefined, 'URL of the vault as users see it.'),
  PAYOS_OPERATOR_SOCKET: text(undefined, 'Unix socket for `payos` on this machine.'),

  // Databases
  DATABASE_URL: database(
    'PostgreSQL for the control plane, as its owner. Default: the embedded one.',
  ),
  VAULT_DATABASE_URL: database(
    'PostgreSQL for the vault, as its owner. Default: the embedded one.',
  ),
  PAYOS_DB_APP_URL: database('Same database as the role payos_app (reads and writes).'),
  PAYOS_DB_READ_URL: database('Same database as the role payos_read (reads only).'),
  PAYOS_VAULT_DB_APP_URL: database('Vault database as the role payos_vault_app.'),
  PAYOS_DB_POOL: integer('10', 1, 200, 'Connections per process and role.'),

  // TLS, all files PEM
  PAYOS_TLS_CERT_FILE: file('Certificate of the public ports.'),
  PAYOS_TLS_KEY_FILE: file('Its private key.'),
  PAYOS_INTERNAL_CERT_FILE: file('This process towards other PayOS processes.'),
  PAYOS_INTERNAL_KEY_FILE: file('Its private key.'),
  PAYOS_INTERNAL_CA_FILE: file('CA that signs PayOS processes, and nothing else.'),

  // Keys
  PAYOS_KEY_PEPPER: secret('32 bytes, base64: keys the HMAC under which API keys are stored.'),
  PAYOS_SEALING_KEY: secret('32 bytes, base64: seals webhook secrets at rest.'),
  PAYOS_VAULT_KEYRING_FILE: file('Root keys of the vault (development key provider).'),
  PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: {
    kind: 'choice',
    choices: ['no', 'yes, and I accept that the disk holds the root key'],
    fallback: 'no',
    help: 'The keyring file lies on the same disk as the data it protects.',
  },

  // Processors
  PAYOS_SIMULATOR_URL: text(undefined, 'Where the simulator is. Default: https://localhost:PORT.'),
  PAYOS_SIMULATOR_CA_FILE: file('CA of its certificate.'),
  PAYOS_SIMULATOR_SECRET: secret('Shared secret with which the simulator knows PayOS.'),
  PAYOS_FORWARD_HOSTS: list('', 'host:port pairs the vault may send cards to.'),
  PAYOS_PROCESSOR_TIMEOUT_MS: integer('20000', 500, 120000, 'Longest wait for a processor.'),
  PAYOS_RESOLVE_AFTER_MS: integer('5000', 100, 600000, 'When to ask about an unknown outcome.'),

  // Webhooks and other outbound traffic
  PAYOS_EGRESS_ALLOW: ranges('', 'CIDR ranges allowed although private, e.g. 127.0.0.0/8.'),
  PAYOS_EGRESS_CA_FILE: file('A further CA trusted for outbound TLS.'),
  PAYOS_SECRET_SCANNING_KEYS: text(
    undefined,
    "Public keys of a secret scanner: an https URL such as GitHub's, or a file. Default: none.",
  ),
  PAYOS_WEBHOOK_TIMEOUT_MS: integer('15000', 500, 60000, 'Total time for one delivery.'),
  PAYOS_WEBHOOK_RETRY_SCALE: integer('1000', 1, 1000, 'Thousandths of the retry schedule to wait.'),

  // Mail. Without it, links are shown in the dashboard to copy.
  PAYOS_SMTP_URL: secret('smtps://user:password@host:465, or smtp://…:587 for STARTTLS.'),
  PAYOS_SMTP_CA_FILE: file('A further CA trusted for the mail server.'),
  PAYOS_MAIL_FROM: text(undefined, 'Sender of the mails, e.g. PayOS <payos@shop.example>.'),

  // People
  PAYOS_BREACHED_PASSWORDS_FILE: text(
    undefined,
    'SHA-1 hashes of breached passwords, one per line, sorted (the format of Have I Been Pwned).',
  ),
  PAYOS_SIGN_IN_RATE: integer('20', 1, 100000, 'Sign-in steps per minute and address.'),

  // Limits and observation
  PAYOS_RATE_LIMIT: integer('100', 1, 1000000, 'Requests per second of a key without own limit.'),
  PAYOS_RATE_LIMIT_ADDRESS: integer(
    '50',
    1,
    1000000,
    'Refused credentials per second and address.',
  ),
  PAYOS_METRICS_ALLOW: ranges('127.0.0.0/8,::1/128', 'CIDR ranges that may read /metrics.'),
  PAYOS_LOG_LEVEL: {
    kind: 'choice',
    choices: ['debug', 'info', 'warn', 'error'],
    fallback: 'info',
    help: 'Least severe line that is logged.',
  },
} as const satisfies Record<string, SettingSpec>;

export type SettingName = keyof typeof settingsTable;

type ValueOf<N extends SettingName> = (typeof settingsTable)[N]['kind'] extends 'port' | 'integer'
  ? number
  : (typeof settingsTable)[N]['kind'] extends 'list' | 'ranges'
    ? readonly string[]
    : (typeof settingsTable)[N]['fallback'] extends string
      ? string
      : string | undefined;

/** The frozen result: a value for each requested name. */
export type Settings<N extends SettingName> = Readonly<{ [K in N]: ValueOf<K> }>;

/** The same with some names that must have a value. */
export type SettingsWith<N extends SettingName, R extends N> = Readonly<
  Settings<N> & { [K in R]: Exclude<ValueOf<K>, undefined> }
>;

export type SettingsResult<S> = { ok: true; settings: S } | { ok: false; mistakes: string[] };

type Environment = Record<string, string | undefined>;

/**
 * Reads the settings a process uses, checks them all, and reports every mistake at once.
 *
 * @param env the environment, e.g. `process.env`
 * @param names what this process uses
 * @param required those among them without which it cannot start
 * @param readFile reads a `NAME_FILE`; throws when it cannot
 */
export function parseSettings<N extends SettingName, R extends N = never>(
  env: Environment,
  names: readonly N[],
  required: readonly R[],
  readFile: (path: string) => string,
): SettingsResult<SettingsWith<N, R>> {
  const mistakes = unknownNames(env);
  const settings: Record<string, unknown> = {};
  for (const name of names) {
    const raw = rawValue(env, name, readFile, mistakes);
    if (raw === undefined && (required as readonly string[]).includes(name)) {
      mistakes.push(`${name} is missing. ${settingsTable[name].help}`);
    }
    settings[name] = raw === undefined ? undefined : parseValue(name, raw, readFile, mistakes);
  }
  checkMail(settings, names, mistakes);
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, settings: Object.freeze(settings) as SettingsWith<N, R> };
}

function rawValue(
  env: Environment,
  name: SettingName,
  readFile: (path: string) => string,
  mistakes: string[],
): string | undefined {
  const direct = env[name];
  const file = env[`${name}_FILE`];
  if (direct !== undefined && direct !== '' && file !== undefined) {
    mistakes.push(`${name} and ${name}_FILE are both set. Set one of them.`);
  }
  if (direct !== undefined && direct !== '') return direct;
  if (file === undefined) return settingsTable[name].fallback;
  try {
    return readFile(file).trim();
  } catch {
    mistakes.push(`${name}_FILE: the file ${file} cannot be read.`);
    return undefined;
  }
}

function parseValue(
  name: SettingName,
  raw: string,
  readFile: (path: string) => string,
  mistakes: string[],
): unknown {
  const spec: SettingSpec = settingsTable[name];
  if (spec.kind === 'list' || spec.kind === 'ranges') {
    const parts = raw.split(',').map((part) => part.trim());
    const values = parts.filter((part) => part !== '');
    const wrong = values.find((value) => spec.kind === 'ranges' && !isRange(value));
    if (wrong !== undefined) {
      mistakes.push(`${name}: "${wrong}" is not a range. Write it like 10.0.0.0/8 or fd00::/8.`);
    }
    return Object.freeze(values);
  }
  if (name === 'PAYOS_KEY_PEPPER' || name === 'PAYOS_SEALING_KEY') checkKey(name, raw, mistakes);
  const wrong = Object.hasOwn(forms, name) ? forms[name]?.(raw) : undefined;
  if (wrong !== undefined) mistakes.push(`${name} ${wrong}`);
  if (spec.kind === 'file') checkReadable(name, raw, readFile, mistakes);
  if (spec.kind === 'database' && !/^postgres(ql)?:\/\/[^\s]+$/.test(raw)) {
    mistakes.push(`${name} must be a URL like postgres://user:password@host:5432/database.`);
  }
  if (spec.kind === 'choice' && !spec.choices?.includes(raw)) {
    mistakes.push(`${name} must be one of: ${spec.choices?.join(' | ')}.`);
  }
  if (spec.kind !== 'port' && spec.kind !== 'integer') return raw;
  const min = spec.min ?? 0;
  const max = spec.max ?? 65535;
  const value = Number(raw);
  if (!/^\d{1,7}$/.test(raw) || value < min || value > max) {
    mistakes.push(`${name} must be a whole number from ${min} to ${max}, not "${raw}".`);
  }
  return value;
}

/** What sends mail needs a sender; and a sender alone would promise mails that never leave. */
function checkMail(
  settings: Record<string, unknown>,
  names: readonly SettingName[],
  mistakes: string[],
): void {
  const pair = ['PAYOS_SMTP_URL', 'PAYOS_MAIL_FROM'] as const;
  const missing = pair.filter((name) => settings[name] === undefined);
  if (missing.length !== 1 || !pair.every((name) => names.includes(name))) return;
  mistakes.push(`${missing[0]} is missing: ${pair.join(' and ')} go together.`);
}

/** Settings of a form of their own. What is wrong is told without the value: it may be a secret. */
const forms: Partial<Record<SettingName, (raw: string) => string | undefined>> = {
  PAYOS_PUBLIC_URL: (raw) => {
    const url = URL.canParse(raw) ? new URL(raw) : undefined;
    const plain = url?.protocol === 'https:' && url.pathname === '/' && !/[?#@]/.test(raw);
    return plain ? undefined : 'must be a URL like https://pay.shop.example, without a path.';
  },
  PAYOS_SMTP_URL: (raw) => {
    const url = URL.canParse(raw) ? new URL(raw) : undefined;
    const form = 'smtps://user:password@host:465 or smtp://user:password@host:587';
    if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
      return `must be a URL like ${form}.`;
    }
    if ((url.username === '') !== (url.password === '')) {
      return 'must have a user and a password, or neither. Write special characters as %40.';
    }
    if (!isDecodable(url.username) || !isDecodable(url.password)) {
      return 'has a % that begins no character. Write special characters as %40, and % as %25.';
    }
    const rest = `${url.pathname.replace(/^\/$/, '')}${url.search}${url.hash}`;
    return rest === '' ? undefined : `must end after the port: ${form}.`;
  },
  PAYOS_MAIL_FROM: (raw) => {
    const address = '[^\\s<>@",;:]+@[^\\s<>@",;:]+';
    const form = new RegExp(`^([^<>"\\p{Cc}]{1,100} <${address}>|${address})$`, 'u');
    return form.test(raw) ? undefined : 'must be like PayOS <payos@shop.example>.';
  },
};

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function checkKey(name: string, raw: string, mistakes: string[]): void {
  // 32 bytes are 43 characters of base64 and one of padding.
  if (!/^[A-Za-z0-9+/]{43}=$/.test(raw)) mistakes.push(`${name} must be 32 bytes in base64.`);
}

function checkReadable(
  name: string,
  path: string,
  readFile: (path: string) => string,
  mistakes: string[],
): void {
  try {
    readFile(path);
  } catch {
    mistakes.push(`${name}: the file ${path} cannot be read.`);
  }
}

/** An address and the length of its prefix; an unsound address is found when it is used. */
function isRange(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  if (address.includes(':')) return /^[0-9a-f:.]{2,45}$/i.test(address) && Number(prefix) <= 128;
  const parts = address.split('.');
  const sound = parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return parts.length === 4 && sound && Number(prefix) <= 32;
}

/** Names in the PAYOS_ space that mean nothing: most often a typing mistake. */
function unknownNames(env: Environment): string[] {
  const mistakes: string[] = [];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('PAYOS_') || /^PAYOS_(SECRET_KEY|TEST_)/.test(name)) continue;
    const plain = name.endsWith('_FILE') ? name.slice(0, -5) : name;
    if (Object.hasOwn(settingsTable, name) || Object.hasOwn(settingsTable, plain)) continue;
    mistakes.push(`${name} is not a setting. See docs/settings.md for the names.`);
  }
  return mistakes;
}
