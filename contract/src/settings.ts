/**
 * Every setting of every process, in one place, with its default. A setting is an environment
 * variable, `NAME`; or `NAME_FILE`, which holds the path of a file with the value.
 */
type Kind =
  | 'text'
  | 'secret'
  | 'database'
  | 'certificate'
  | 'private key'
  | 'public keys'
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
  /** Its file is taken only when nobody but its owner has access to it. */
  ownerOnly?: true;
};

// Each helper keeps its literal types: the types of the parsed settings are derived from them.
const text = <F extends string | undefined>(fallback: F, help: string) =>
  ({ kind: 'text', fallback, help }) as const;
const secret = (help: string) => ({ kind: 'secret', fallback: undefined, help }) as const;
const database = (help: string) => ({ kind: 'database', fallback: undefined, help }) as const;
const certificate = (help: string) => ({ kind: 'certificate', fallback: undefined, help }) as const;
const privateKey = (help: string) => ({ kind: 'private key', fallback: undefined, help }) as const;
const publicKeys = (help: string) => ({ kind: 'public keys', fallback: undefined, help }) as const;
const ranges = (fallback: string, help: string) => ({ kind: 'ranges', fallback, help }) as const;
const port = (fallback: string, help: string) => ({ kind: 'port', fallback, help }) as const;
const list = (fallback: string, help: string) => ({ kind: 'list', fallback, help }) as const;
const integer = (fallback: string, min: number, max: number, help: string) =>
  ({ kind: 'integer', fallback, min, max, help }) as const;

export const settingsTable = {
  // Where things are
  PAYOS_DATA_DIR: text('.payos', 'Folder of all state: database, keys, certificates, logs.'),
  PAYOS_RUN: {
    kind: 'choice',
    choices: ['everything', 'control-plane', 'vault'],
    fallback: 'everything',
    help: 'What npm start runs on this machine; see vault-deployment.md.',
  },
  PAYOS_HOST: text('127.0.0.1', 'Address the API and the vault listen on. 0.0.0.0 opens them up.'),
  PAYOS_VAULT_HOST: text(undefined, 'Address of the vault, where it is another than PAYOS_HOST.'),
  PAYOS_INTERNAL_HOST: text('127.0.0.1', 'Address where the server answers the vault (mTLS).'),
  PAYOS_VAULT_INTERNAL_HOST: text(
    '127.0.0.1',
    'Address where the vault answers the server (mTLS).',
  ),
  PAYOS_SIMULATOR_HOST: text('127.0.0.1', 'Address the built-in test processor listens on.'),
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
  PAYOS_INTERNAL_URL: text(
    undefined,
    'Where the vault finds the server. Default: https://localhost:PAYOS_INTERNAL_PORT.',
  ),
  PAYOS_VAULT_INTERNAL_URL: text(
    undefined,
    'Where server and worker find the vault. Default: https://localhost:PAYOS_VAULT_INTERNAL_PORT.',
  ),
  PAYOS_OPERATOR_SOCKET: text(undefined, 'Unix socket for `payos` on this machine.'),
  PAYOS_VAULT_OPERATOR_SOCKET: text(undefined, 'Unix socket for `payos vault` on this machine.'),

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

  // TLS, all PEM
  PAYOS_TLS_CERT: certificate('Certificate of the public ports.'),
  PAYOS_TLS_KEY: privateKey('Its private key.'),
  PAYOS_TLS_NAMES: list(
    '',
    'Names and addresses, besides localhost, in the public certificate that npm start makes.',
  ),
  PAYOS_INTERNAL_CERT: certificate('This process towards other PayOS processes.'),
  PAYOS_INTERNAL_KEY: privateKey('Its private key.'),
  PAYOS_INTERNAL_CA: certificate('CA that signs PayOS processes, and nothing else.'),
  PAYOS_VAULT_SIGNING_KEY: privateKey(
    'Ed25519 key with which server or worker signs each request to the vault; one for each.',
  ),
  PAYOS_SERVER_SIGNING_KEYS: publicKeys('What the vault knows the signatures of the server by.'),
  PAYOS_WORKER_SIGNING_KEYS: publicKeys('What the vault knows the signatures of the worker by.'),

  // Keys
  PAYOS_KEY_PEPPER: secret('32 bytes, base64: keys the HMAC under which API keys are stored.'),
  PAYOS_SEALING_KEY: secret('32 bytes, base64: seals webhook secrets at rest.'),
  PAYOS_VAULT_KEY_PROVIDER: {
    kind: 'choice',
    choices: ['keyring', 'aws-kms', 'vault-transit'],
    fallback: 'keyring',
    help: 'What holds the root of the keys of the vault; see vault-keys.md.',
  },
  PAYOS_VAULT_OLD_KEY_PROVIDER: {
    kind: 'choice',
    choices: ['none', 'keyring', 'aws-kms', 'vault-transit'],
    fallback: 'none',
    help: 'What held it before: still opens what it wrapped.',
  },
  PAYOS_VAULT_KMS_KEY: list(
    '',
    'ARN of the AWS KMS key; further ones only open what they wrapped.',
  ),
  PAYOS_VAULT_TRANSIT_KEY: list('', 'mount/name of the transit key; further ones only open.'),
  PAYOS_VAULT_KEY_CACHE_SECONDS: integer(
    '300',
    1,
    3600,
    'How long the vault can go on with its keys when the key service refuses or is gone.',
  ),
  PAYOS_VAULT_REVEAL_KEYS: list(
    '',
    'Thumbprints (RFC 7638) of the only keys that live cards may be sealed to. Default: none.',
  ),
  PAYOS_VAULT_KEY_DESTROY_DAYS: integer(
    '7',
    1,
    3650,
    'How long a key of the vault must be retired before it can be destroyed.',
  ),
  PAYOS_VAULT_KEYRING: {
    kind: 'secret',
    fallback: undefined,
    ownerOnly: true,
    help: 'Root keys of the vault, JSON (development key provider).',
  },
  PAYOS_VAULT_BINS_FILE: text(
    undefined,
    'BIN data of real cards, CSV: from,to,funding,country; see saved-cards.md.',
  ),
  PAYOS_VAULT_KEYRING_PASSPHRASE: {
    kind: 'secret',
    fallback: undefined,
    ownerOnly: true,
    help: 'Opens a keyring that was sealed by a passphrase; see vault-keys.md.',
  },
  PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: {
    kind: 'choice',
    choices: ['no', 'yes, and I accept that the disk holds the root key'],
    fallback: 'no',
    help: 'The keyring file lies on the same disk as the data it protects.',
  },

  // Processors
  PAYOS_SIMULATOR_URL: text(undefined, 'Where the simulator is. Default: https://localhost:PORT.'),
  PAYOS_SIMULATOR_CA: certificate('CA of its certificate.'),
  PAYOS_SIMULATOR_SECRET: secret('Shared secret with which the simulator knows PayOS.'),
  PAYOS_FIELDS_FOLDER: text(
    undefined,
    'What was built of the secure fields. Default: fields/dist.',
  ),
  PAYOS_FORWARD_HOSTS: list('', 'host:port pairs the vault may send cards to.'),
  PAYOS_FORWARD_DESTINATIONS: list(
    '',
    'Hosts merchants may have live cards sent to, host or host:port; * for any.',
  ),
  PAYOS_FORWARD_HOURLY: integer(
    '1000',
    1,
    1000000,
    'Requests with cards an organization may forward in an hour and mode.',
  ),
  PAYOS_PROCESSOR_TIMEOUT_MS: integer('20000', 500, 120000, 'Longest wait for a processor.'),
  PAYOS_RESOLVE_AFTER_MS: integer('5000', 100, 600000, 'When to ask about an unknown outcome.'),

  // Webhooks and other outbound traffic
  PAYOS_EGRESS_ALLOW: ranges('', 'CIDR ranges allowed although private, e.g. 127.0.0.0/8.'),
  PAYOS_EGRESS_CA: certificate('A further CA trusted for outbound TLS.'),
  PAYOS_SECRET_SCANNING_KEYS: text(
    undefined,
    "Public keys of a secret scanner: an https URL such as GitHub's, or the list itself.",
  ),
  PAYOS_WEBHOOK_TIMEOUT_MS: integer('15000', 500, 60000, 'Total time for one delivery.'),
  PAYOS_WEBHOOK_RETRY_SCALE: integer('1000', 1, 1000, 'Thousandths of the retry schedule to wait.'),

  // Mail. Without it, links are shown in the dashboard to copy.
  PAYOS_SMTP_URL: secret('smtps://user:password@host:465, or smtp://…:587 for STARTTLS.'),
  PAYOS_SMTP_CA: certificate('A further CA trusted for the mail server.'),
  PAYOS_MAIL_FROM: text(undefined, 'Sender of the mails, e.g. PayOS <payos@shop.example>.'),

  PAYOS_OPERATOR_EMAIL: text(
    undefined,
    'Address that alerts go to which concern no organization; see vault-deployment.md.',
  ),

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
  PAYOS_RATE_LIMIT_VISITOR: integer(
    '5',
    1,
    1000000,
    'Cards per second and address with a publishable key. Behind a proxy all have its address.',
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
