import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type ErrorCode, errorTable, isId, removeCardNumbers } from 'payos-contract';
import { type Answer, problemAnswer, rawProblem, sendAnswer } from './answer.ts';
import { monotonicMs } from './clock.ts';
import { describeError, type Log, type LogFields } from './log.ts';
import { Refusal } from './problem.ts';
import { newRequestId } from './random.ts';

/** One request on its way through a handler. */
export type Exchange = {
  request: IncomingMessage;
  requestId: string;
  /** Parameters of the URL, of those that the handler names. */
  query: ReadonlyMap<string, string>;
  /** Headers that go on the answer whatever it will be. */
  headers: Record<string, string>;
  /** What the access line says besides. */
  notes: LogFields;
};

export type Handler = {
  (exchange: Exchange): Promise<Answer>;
  /** Parameters that it takes in the URL, each once; none unless said. */
  query?: readonly string[];
};

/** path → method → handler. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

const urlLimit = 2000;

/**
 * Answers requests by a table of routes: whatever happens, with JSON and a request id.
 *
 * @param keepsIds callers are PayOS itself: a request keeps the id it has there, so that its story
 *   can be followed through both logs
 * @param guard throws {@link Refusal} for what is refused wherever it was sent
 */
export function createListener(
  routes: Routes,
  log: Log,
  options: { keepsIds?: boolean; guard?: (request: IncomingMessage) => void } = {},
): RequestListener {
  const { keepsIds = false, guard } = options;
  return (request, response) => {
    const started = monotonicMs();
    const requestId = (keepsIds ? idOf(request) : undefined) ?? newRequestId();
    const query = new Map<string, string>();
    const exchange: Exchange = { request, requestId, query, headers: {}, notes: {} };
    void dispatch(routes, exchange, guard)
      .catch((error: unknown) => toProblem(error, exchange, log))
      .then((answer) => finish(exchange, response, answer, log, started));
  };
}

function idOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['payos-request-id'];
  return typeof id === 'string' && isId('request', id) ? id : undefined;
}

async function dispatch(
  routes: Routes,
  exchange: Exchange,
  guard: ((request: IncomingMessage) => void) | undefined,
): Promise<Answer> {
  const { request, notes } = exchange;
  const url = request.url ?? '/';
  if (url.length > urlLimit) throw new Refusal('uri_too_long');
  guard?.(request);
  const [path = '', query] = url.split('?', 2);
  if (!Object.hasOwn(routes, path)) throw new Refusal('route_not_found');
  const methods = routes[path] ?? {};
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
  // The pattern, never the URL as it came: people put anything into URLs.
  notes.route = `${Object.hasOwn(methods, method) ? method : '-'} ${path}`;
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler === undefined) {
    const allow = Object.keys(methods).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : name));
    throw new Refusal('method_not_allowed', {}, { Allow: allow.join(', ') });
  }
  const parameters = readQuery(query, handler.query);
  const expect = request.headers.expect;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new Refusal('invalid_request', { detail: 'The only Expect is 100-continue.' });
  }
  return handler({ ...exchange, query: parameters });
}

/** What is sent twice is read in two ways by somebody; what is not known was meant for others. */
function readQuery(text: string | undefined, known: readonly string[] = []): Map<string, string> {
  if (text === undefined) return new Map();
  if (known.length === 0) {
    throw new Refusal('invalid_request', { detail: 'This path takes no query.' });
  }
  const pairs = [...new URLSearchParams(text)];
  const query = new Map(pairs);
  if (query.size === pairs.length && pairs.every(([name]) => known.includes(name))) return query;
  const detail = `This path takes ${known.join(' and ')} in its query, each once.`;
  throw new Refusal('invalid_request', { detail });
}

function toProblem(error: unknown, { requestId, notes }: Exchange, log: Log): Answer {
  if (error instanceof Refusal) {
    notes.code = error.code;
    return problemAnswer(error.code, requestId, error.extras, error.headers);
  }
  notes.code = 'internal_error';
  log('error', 'unexpected_error', { request_id: requestId, error: describeError(error) });
  return problemAnswer('internal_error', requestId);
}

function finish(
  { request, requestId, headers, notes }: Exchange,
  response: ServerResponse,
  given: Answer,
  log: Log,
  started: number,
): void {
  const answer = withoutCards(given, requestId, notes, log);
  sendAnswer(request, response, requestId, {
    ...answer,
    headers: { ...headers, ...answer.headers },
  });
  // Somebody with a certificate of ours asked in a way that PayOS does not.
  log(notes.code === 'context_refused' ? 'warn' : 'info', 'request', {
    request_id: requestId,
    ...notes,
    status: answer.status,
    duration_ms: Math.round((monotonicMs() - started) * 10) / 10,
  });
}

/** What our own table says to do: it names a test card. */
const ownFixes = new Set<unknown>(Object.values(errorTable).map(({ fix }) => fix));

/**
 * No answer of the vault holds a card number; one that does is not sent. What a third party said to
 * a forward is looked at there, for the card that was sent: its own numbers may look like any.
 */
function withoutCards(answer: Answer, requestId: string, notes: LogFields, log: Log): Answer {
  if (Buffer.isBuffer(answer.body) || notes.route?.includes('/forward')) return answer;
  const text = JSON.stringify(answer.body, (_name, value) => (ownFixes.has(value) ? '' : value));
  const { found } = removeCardNumbers(text);
  if (found === 0) return answer;
  const { organization, mode, actor, route } = notes;
  const whose = { organization, mode, actor, route } as LogFields;
  log('error', 'card_data_found', {
    ...whose,
    request_id: requestId,
    outcome: 'not_sent',
    detail: 'answer',
    count: found,
  });
  notes.code = 'internal_error';
  return problemAnswer('internal_error', requestId);
}

/** Timeouts and answers for what does not get as far as a handler. */
export function hardenServer(server: Server, listener: RequestListener): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  server.maxHeadersCount = 100;
  server.on('checkExpectation', listener);
  server.on('clientError', (error: Error, socket: Duplex) => {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(rawProblem(clientErrorCode(code), newRequestId()));
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.end(rawProblem('method_not_allowed', newRequestId()));
  });
  server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
}

function clientErrorCode(code: unknown): ErrorCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  return 'malformed_http';
}
