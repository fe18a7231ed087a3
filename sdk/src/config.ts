import { readApiKeyForm } from './api-key.ts';
import { inBrowser, secretKeyFromEnvironment } from './environment.ts';
import { AuthenticationError, InvalidRequestError, PermissionError } from './errors.ts';
import { fetchTransport } from './transport/fetch.ts';
import { httpsTransport } from './transport/https.ts';
import type { Transport } from './transport/transport.ts';
import { apiVersionOfTypes } from './version.ts';

export type PayOSOptions = {
  /**
   * `payos_sk_…`; default: the environment variable `PAYOS_SECRET_KEY`. A publishable key
   * (`payos_pk_…`) is taken too and can only create tokens.
   */
  secretKey?: string | undefined;
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
  key: string;
  kind: 'secret' | 'publishable';
  mode: 'test' | 'live';
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
  const key = options.secretKey ?? secretKeyFromEnvironment();
  const { kind, mode } = readKey(key);
  if (kind === 'secret' && inBrowser()) throw secretKeyInBrowser();
  if (options.caFile !== undefined && options.fetch !== undefined) {
    throw misconfigured('caFile and fetch are both given.', 'Give your fetch the CA instead.');
  }
  return {
    key: key ?? '',
    kind,
    mode,
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

function readKey(key: string | undefined): Pick<Config, 'kind' | 'mode'> {
  const form = readApiKeyForm(key ?? '');
  if (form !== undefined) return { kind: form.kind, mode: form.mode };
  if (key === undefined || key === '') {
    throw new AuthenticationError({
      code: 'missing_api_key',
      title: 'There is no API key.',
      fix: 'Pass { secretKey } or set the environment variable PAYOS_SECRET_KEY.',
    });
  }
  throw new AuthenticationError({
    code: 'invalid_api_key',
    title: 'The API key does not have the form of one.',
    fix: /\s/.test(key)
      ? 'It contains a space or a line break: remove it.'
      : 'Check that the whole key was copied: payos_sk_test_… or payos_sk_live_….',
  });
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

function secretKeyInBrowser(): PermissionError {
  return new PermissionError({
    code: 'configuration',
    title: 'A secret key must not be in a browser: everybody who opens the page can read it.',
    fix: 'Use the secret key on your server, and a publishable key (payos_pk_…) here.',
  });
}

function misconfigured(title: string, fix: string): InvalidRequestError {
  return new InvalidRequestError({ code: 'configuration', title, fix });
}
