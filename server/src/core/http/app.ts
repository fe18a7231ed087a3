import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { apiVersionLatest, parseStrictJson, problem } from 'payos-contract';
import type { OnCardData } from '../card-data.ts';
import { clock } from '../clock.ts';
import type { AnyPermission } from '../context.ts';
import type { Database } from '../db.ts';
import { ApiError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { newId } from '../random.ts';
import type { Sealer } from '../seal.ts';
import { type Answered, askedFor, idsOf } from './answered.ts';
import { closeQuietConnections } from './drain.ts';
import type { Authenticate, Identity } from './identity.ts';
import { type ExposedKey, refuseKeysInUrl, tellOfKeys } from './key-guard.ts';
import { bodyMax, headersTimeoutMs, requestTimeoutMs } from './limits.ts';
import { toApiError } from './problems.ts';
import type { Route, Surface } from './route.ts';
import { scanAnswers } from './scan-answers.ts';
import { compileSerializer } from './serialization.ts';
import { serveRoute } from './serve-route.ts';
import { refusePlainHttp } from './tls-front.ts';
import { compileValidator } from './validation.ts';

export type AppOptions = {
  surface: Surface;
  routes: readonly Route[];
  authenticate: Authenticate;
  db: Database;
  sealer: Sealer;
  log: Log;
  metrics: Metrics;
  /** How long an interrupted idempotent request is protected from being taken up again. */
  leaseMs: number;
  /** Told of every request after its answer has left. */
  onAnswered?: (answered: Answered) => void;
  /** Told of card numbers that were taken out of answers. */
  onCardData?: OnCardData;
  /** Told of secret keys that were sent where others can read them. */
  onExposedKey?: (exposed: ExposedKey) => void;
  tls?: SecureContextOptions & TlsOptions;
};

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null;
    startedMs: number;
    hasBody: boolean;
    /** The error code that was answered, for the log. */
    refusal: string | null;
    /** Ids in the answer, for whoever keeps a record. */
    answered: ReturnType<typeof idsOf> | null;
  }
  interface FastifyContextConfig {
    permission?: AnyPermission;
  }
}

/**
 * Node looks for slow requests every half minute unless told otherwise, and takes the larger of
 * the two timeouts for the whole request.
 */
const slowRequests = {
  connectionsCheckingInterval: 1_000,
  headersTimeout: headersTimeoutMs,
  requestTimeout: requestTimeoutMs,
};

/** Builds a surface without listening: the composition root and the tests decide where. */
export function buildApp(options: AppOptions): FastifyInstance {
  const app = Fastify({
    ...(options.tls === undefined
      ? { http: slowRequests }
      : {
          https: {
            minVersion: 'TLSv1.2',
            handshakeTimeout: 10_000,
            ...slowRequests,
            ...options.tls,
          },
        }),
    logger: false,
    bodyLimit: bodyMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 72_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    genReqId: () => newId('request'),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerError(options, error, request, reply),
    clientErrorHandler: answerBrokenHttp,
  } as Parameters<typeof Fastify>[0]) as unknown as FastifyInstance;
  app.decorateRequest('identity', null);
  app.decorateRequest('startedMs', 0);
  app.decorateRequest('hasBody', false);
  app.decorateRequest('refusal', null);
  app.decorateRequest('answered', null);
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(compileSerializer);
  readJsonOnly(app);
  observe(app, options);
  scanAnswers(app, options);
  if (options.surface === 'public') refuseKeysInUrl(app, options);
  if (options.onAnswered !== undefined) tellOf(app, options.onAnswered);
  app.setErrorHandler((error, request, reply) => answerError(options, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(options.routes, request.url);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    const code = allowed.length > 0 ? 'method_not_allowed' : 'route_not_found';
    const detail = request.url.startsWith('/v1/tokens')
      ? 'Tokens are made at the vault.'
      : undefined;
    return answerError(options, new ApiError(code, { detail }), request, reply);
  });
  for (const route of options.routes) {
    if (route.surface === options.surface) serveRoute(app, route, options);
  }
  if (options.tls !== undefined && options.surface === 'public') {
    refusePlainHttp(app.server as unknown as TlsServer, (address, head) => {
      options.metrics.refusedPlainHttp.inc();
      options.log.warn({ address }, 'plain HTTP was refused');
      tellOfKeys(options, head, 'plain_http', address);
    });
  }
  closeQuietConnections(app);
  return app;
}

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    request.hasBody = true;
    try {
      // Before any work is put into it: a stranger's body is not worth parsing.
      request.identity?.acceptBody?.(body as Buffer);
    } catch (error) {
      done(error as Error);
      return;
    }
    try {
      text = decoder.decode(body as Buffer);
    } catch {
      done(new ApiError('invalid_text', { detail: 'The body is not valid UTF-8.' }));
      return;
    }
    if (text.length === 0) return done(null, undefined);
    const parsed = parseStrictJson(text);
    if (parsed.ok) return done(null, parsed.value);
    done(new ApiError(parsed.refusal.code, { detail: parsed.refusal.detail }));
  });
}

const securityHeaders = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'payos-version': apiVersionLatest,
};

function observe(app: FastifyInstance, { log, metrics, surface }: AppOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    request.startedMs = clock.monotonicMs();
    reply.headers(securityHeaders);
    reply.header('payos-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const seconds = (clock.monotonicMs() - request.startedMs) / 1000;
    const route = request.routeOptions.url ?? 'unmatched';
    const labels = { method: request.method, route, status: String(reply.statusCode), surface };
    metrics.requestSeconds.observe(labels, seconds);
    // What processes of PayOS ask each other, several times a second, is told when it fails.
    const level = surface === 'internal' && reply.statusCode < 400 ? 'debug' : 'info';
    log[level](
      {
        request_id: request.id,
        ...labels,
        status: reply.statusCode,
        code: request.refusal ?? undefined,
        duration_ms: Math.round(seconds * 1e5) / 100,
        organization: request.identity?.scope?.organization,
        mode: request.identity?.scope?.mode,
        actor: request.identity?.actor.id,
        address: request.ip,
        traceparent: traceparent(request),
      },
      'request',
    );
    done();
  });
}

function tellOf(app: FastifyInstance, onAnswered: (answered: Answered) => void): void {
  app.addHook('preSerialization', (request, reply, answer, done) => {
    request.answered = idsOf(answer);
    // A stored or deliberate refusal, e.g. a declined card, was never thrown.
    if (reply.statusCode >= 400) request.refusal ??= codeOf(answer);
    done(null, answer);
  });
  app.addHook('onResponse', (request, reply, done) => {
    onAnswered({
      id: request.id,
      identity: request.identity,
      method: request.method,
      route: request.routeOptions.url,
      permission: request.routeOptions.config.permission,
      status: reply.statusCode,
      code: request.refusal ?? undefined,
      address: request.ip,
      durationMs: clock.monotonicMs() - request.startedMs,
      asked: askedFor(request),
      made: request.answered?.made,
      belongsTo: request.answered?.belongsTo,
    });
    done();
  });
}

function codeOf(answer: unknown): string | null {
  const code = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'code') : null;
  return typeof code === 'string' ? code : null;
}

function traceparent(request: FastifyRequest): string | undefined {
  const value = request.headers['traceparent'];
  const valid = typeof value === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-/.test(value);
  return valid ? value.slice(0, 55) : undefined;
}

function answerError(
  { log }: AppOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = toApiError(error);
  // A caller who hung up is no failure of ours.
  const ours = !request.raw.destroyed && (known === undefined || known.code === 'unavailable');
  if (ours) {
    log.error({ err: error, request_id: request.id, route: request.routeOptions.url }, 'failed');
  }
  const shown = known ?? new ApiError('internal_error');
  request.refusal = shown.code;
  reply.headers({ ...securityHeaders, 'payos-request-id': request.id, ...shown.headers });
  reply.code(shown.status).type('application/problem+json');
  return reply.serializer(JSON.stringify).send(shown.toProblem(request.id));
}

/** Which methods this path would take, for the Allow header. */
function allowedMethods(routes: readonly Route[], url: string): string[] {
  const parts = (url.split('?')[0] ?? '').split('/');
  const fits = (path: string) => {
    const pattern = path.split('/');
    return (
      pattern.length === parts.length &&
      pattern.every((part, index) => part.startsWith(':') || part === parts[index])
    );
  };
  const found = routes.filter((route) => route.surface === 'public' && fits(route.path));
  return found.map((route) => route.method);
}

/** What never became a request: Node's parser gave up on it. */
function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request_timeout'
        : 'malformed_http';
  const id = newId('request');
  const body = problem(code, id);
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      `PayOS-Request-Id: ${id}`,
      'Connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}

/** The peer's certificate name on the mTLS surface. */
export function peerName(request: { raw: IncomingMessage }): string | undefined {
  const socket = request.raw.socket as unknown as {
    authorized?: boolean;
    getPeerCertificate?: () => { subject?: { CN?: string } };
  };
  if (socket.authorized !== true) return undefined;
  return socket.getPeerCertificate?.().subject?.CN;
}
