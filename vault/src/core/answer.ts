import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, errorTable, type ProblemExtras, problem } from 'payos-contract';

/** What a handler answers; `body` becomes JSON, unless it is bytes. */
export type Answer = {
  status: number;
  body: unknown;
  /** An empty one leaves out what every other answer has. */
  headers?: Readonly<Record<string, string>>;
};

/** On every answer of the vault. Nothing it says may be cached, framed, sniffed or scripted. */
const securityHeaders: Readonly<Record<string, string>> = {
  'Strict-Transport-Security': 'max-age=31536000',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** An unread body up to this size is read and dropped, so that the connection can go on. */
export const drainLimit = 1024 * 1024;

/** An error as RFC 9457 has it. `extras` must hold nothing that was sent. */
export function problemAnswer(
  code: ErrorCode,
  requestId: string,
  extras: ProblemExtras = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status: errorTable[code].status,
    body: problem(code, requestId, extras),
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  };
}

/**
 * Writes an answer with the headers that every one has. The connection ends with it when more than
 * {@link drainLimit} bytes of the request, or nobody knows how many, are still to come.
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  { status, body, headers }: Answer,
): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body), 'utf8');
  const all = {
    'Content-Type': 'application/json',
    ...securityHeaders,
    'PayOS-Request-Id': requestId,
    ...headers,
  };
  response.writeHead(status, {
    ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    ...(status === 304 ? {} : { 'Content-Length': bytes.length }),
    ...(mustClose(request) ? { Connection: 'close' } : {}),
  });
  response.end(bytes);
}

/** Whether so much of the request is still to come that hanging up is kinder than reading it. */
function mustClose(request: IncomingMessage): boolean {
  if (request.complete) return false;
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  return !(declared <= drainLimit);
}

/** The same answer as text on a bare socket, for what never became a request. */
export function rawProblem(code: ErrorCode, requestId: string): string {
  const { status, body } = problemAnswer(code, requestId);
  const text = JSON.stringify(body);
  const headers = {
    ...securityHeaders,
    'PayOS-Request-Id': requestId,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} Error\r\n${lines.join('\r\n')}\r\n\r\n${text}`;
}
