import { ConnectionError } from './errors.ts';

/** Errors from before a connection existed: the request cannot have arrived. */
const neverSentCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const certificateCodes = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Turns what a transport threw into a typed error that says what to do. */
export function connectionError(cause: unknown, url: URL): ConnectionError {
  const code = systemCode(cause);
  if (code !== undefined && certificateCodes.test(code)) {
    return new ConnectionError({
      code: 'certificate_refused',
      title: `The certificate of ${url.host} cannot be trusted (${code}).`,
      fix: 'With a private CA pass { caFile } or start Node with NODE_EXTRA_CA_CERTS=<file>.',
      cause,
    });
  }
  return new ConnectionError({
    code: 'connection_failed',
    title: `There was no answer from ${url.host}${code === undefined ? '' : ` (${code})`}.`,
    fix: neverSent(cause)
      ? 'Check the URL and that PayOS is running there.'
      : "The request may have arrived. Repeat it with this error's idempotencyKey.",
    retryable: true,
    cause,
  });
}

/** Whether the request certainly did not arrive. */
export function neverSent(cause: unknown): boolean {
  return neverSentCodes.has(systemCode(cause) ?? '');
}

/** The system's code, which `fetch` hides in `cause` and a multi-address connect in `errors`. */
function systemCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const members = new Map<string, unknown>(Object.entries(error));
  const code = members.get('code');
  if (typeof code === 'string') return code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return systemCode(inner, depth + 1);
}
