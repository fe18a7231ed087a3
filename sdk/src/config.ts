import { type Credential, readCredential, type SigningKeyOption } from './credential.ts';
import { InvalidRequestError } from './errors.ts';
import { fetchTransport } from './transport/fetch.ts';
import { httpsTransport } from './transport/https.ts';
import type { Transport } from './transport/transport.ts';
import { apiVersionOfTypes } from './version.ts';

export type PayOSOptions = {
  /**
   * `payos_sk_…`; default: the environment variable `PAYOS_SECRET_KEY`, or the file that
   * `PAYOS_SECRET_KEY_FILE` names. A publishable key (`payos_pk_…`) is taken too and can only
   * create tokens.
   */
  secretKey?: string | undefined;
  /** Instead of a secret key: every request is signed, and nothing secret is ever sent. */
  signingKey?: SigningKeyOption | undefined;
  /** Where the API is; default `https://localhost:8443`. */
  baseUrl?: string | undefined;
  /** Where the vault is; default `https://localhost:8444`. */
  vaultUrl?: string | undefined;
  /** `PayOS-Version`; default: the version the SDK's types describe. */
  apiVersion?: string | undefined;
  /** How often a request is sent again; default 2, at most 10. */
  maxRetries?: number | undefined;
  /** Longest wait for one answer, retries not counted in; default 30 000. */
  timeoutMs?: number | undefined;
  /** PEM file of the CA that signed the server's certificate; only that CA is trusted then. */
  caFile?: string | undefined;
  /** Sends the requests instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
};

export type Config = Readonly<{
  credential: Credential;
  baseUrl: URL;
  vaultUrl: URL;
  apiVersion: string;
  maxRetries: number;
  timeoutMs: number;
  transport: Transport;
}>;

export const timeoutMsMax = 600_000;
const maxRetriesMax = 10;
const optionNames = [
  'secretKey',
  'signingKey',
  'baseUrl',
  'vaultUrl',
  'apiVersion',
  'maxRetries',
  'timeoutMs',
  'caFile',
  'fetch',
];

/** @throws PayOSError naming the option that is wrong; never shows the key */
export function resolveConfig(options: PayOSOptions): Config {
  refuseUnknownNames('PayOS', options, optionNames);
  const credential = readCredential(options);
  if (options.caFile !== undefined && options.fetch !== undefined) {
    throw misconfigured('caFile and fetch are both given.', 'Give your fetch the CA instead.');
  }
  return {
    credential,
    baseUrl: httpsUrl('baseUrl', options.baseUrl ?? 'https://localhost:8443'),
    vaultUrl: httpsUrl('vaultUrl', options.vaultUrl ?? 'https://localhost:8444'),
    apiVersion: options.apiVersion ?? apiVersionOfTypes,
    maxRetries: wholeNumber('maxRetries', options.maxRetries ?? 2, 0, maxRetriesMax),
    timeoutMs: wholeNumber('timeoutMs', options.timeoutMs ?? 30_000, 1, timeoutMsMax),
    transport:
      options.caFile === undefined ? fetchTransport(options.fetch) : httpsTransport(options.caFile),
  };
}

/** @throws InvalidRequestError for a name that means nothing, which is most often misspelt */
export function refuseUnknownNames(what: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw misconfigured(`${what} has no option "${unknown}".`, `It takes: ${names.join(', ')}.`);
}

/** @throws InvalidRequestError unless `value` is a whole number from `min` to `max` */
export function wholeNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw misconfigured(`${name} is wrong.`, `Give a whole number from ${min} to ${max}.`);
}

function httpsUrl(name: string, text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw misconfigured(`${name} is not a URL.`, 'Give an absolute one: https://host:port.');
  }
  if (url.protocol !== 'https:') {
    throw misconfigured(
      `${name} is not https.`,
      'Use https://: over plain HTTP everybody on the way can read the API key.',
    );
  }
  if (url.username + url.password + url.search + url.hash !== '') {
    throw misconfigured(`${name} has more than origin and path.`, 'Give https://host:port only.');
  }
  return url;
}

function misconfigured(title: string, fix: string): InvalidRequestError {
  return new InvalidRequestError({ code: 'configuration', title, fix });
}
