/** Why nothing, or nothing complete, came back. Shown to whoever gave the URL. */
export type EgressFailure =
  | 'address_refused'
  | 'certificate_refused'
  | 'connection_failed'
  | 'connection_refused'
  | 'host_not_found'
  | 'invalid_answer'
  | 'timeout'
  | 'tls_failed'
  | 'url_refused';

/** A request without a complete answer. Holds no address: nobody learns about our network. */
export class EgressError extends Error {
  readonly failure: EgressFailure;

  constructor(failure: EgressFailure, options?: ErrorOptions) {
    super(failure, options);
    this.name = 'EgressError';
    this.failure = failure;
  }
}

const notFound = new Set(['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'EBADNAME', 'EBADRESP']);
const certificate =
  /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_)/;
const timeouts = /^(ETIMEDOUT|ETIMEOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ABORT_ERR)$/;

/** Names what the network, TLS and HTTP layers throw. */
export function toEgressError(error: unknown): EgressError {
  if (error instanceof EgressError) return error;
  return new EgressError(failureOf(codeOf(error)), { cause: error });
}

function failureOf(code: string): EgressFailure {
  if (notFound.has(code)) return 'host_not_found';
  if (code === 'ECONNREFUSED') return 'connection_refused';
  if (timeouts.test(code)) return 'timeout';
  if (certificate.test(code)) return 'certificate_refused';
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return 'tls_failed';
  if (/^(HPE_|UND_ERR_(HEADERS_OVERFLOW|RES_|RESPONSE))/.test(code)) return 'invalid_answer';
  return 'connection_failed';
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  if (error.name === 'AbortError') return 'ABORT_ERR';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
