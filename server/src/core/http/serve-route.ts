import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiVersionLatest, apiVersions, isApiVersion, secretKeysIn } from 'payos-contract';
import { findCardNumber, findInReport, holdsCardNumber } from '../card-guard.ts';
import type { Actor, Context, Idempotency, Scope, ScopedContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import { findEarlier, idempotencyConflict } from '../idempotency.ts';
import { isUnbound } from '../key-limits.ts';
import { requireTurn } from '../rate-limit.ts';
import type { AppOptions } from './app.ts';
import type { Identity } from './identity.ts';
import { refuseKeysInBody } from './key-guard.ts';
import { Reply, type Route } from './route.ts';
import { userAgentOf } from './user-agent.ts';

/** Registers one route: identity first, then the body, then the verb. */
export function serveRoute(app: FastifyInstance, route: Route, options: AppOptions): void {
  app.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: false,
    ...(route.bodyMax === undefined ? {} : { bodyLimit: route.bodyMax }),
    config: { permission: route.permission },
    schema: {
      ...(route.params && { params: route.params }),
      ...(route.query && { querystring: route.query }),
      ...(route.body && { body: route.body }),
      response: { [route.response.status]: route.response.schema },
    },
    onRequest: async (request, reply) => {
      request.identity = await options.authenticate(request, route);
      limitHeaders(reply, request.identity);
      requireUnbound(request.identity.actor, route);
      checkVersion(request);
    },
    preValidation: async (request) => {
      // What came was looked at before it was parsed.
      if (!request.hasBody) request.identity?.acceptBody?.(noBody);
      const inUrl = { ...(request.params as object), ...(request.query as object) };
      refuseControlCharacters(inUrl);
      if (route.fromPrograms) return;
      // A search for a card number is in the history of a browser, and in the logs on its way.
      refuseCardNumbers(findCardNumber(inUrl), options);
      if (route.body === undefined) return;
      // A POST without a body is the same as one with an empty object.
      if (request.body === undefined) request.body = {};
      const isOfVault = route.surface === 'internal';
      if (!isOfVault) refuseKeysInBody(request.body);
      const find = isOfVault ? findInReport : findCardNumber;
      refuseCardNumbers(find(request.body), options);
    },
    handler: async (request, reply) => {
      const ctx = contextOf(request, route, options);
      return answer(request, reply, route, options, ctx);
    },
  });
}

const noBody = Buffer.alloc(0);

function refuseCardNumbers(pointer: string | undefined, { metrics }: AppOptions): void {
  if (pointer === undefined) return;
  metrics.cardDataRefused.inc();
  throw new ApiError('card_data_refused', { param: pointer.slice(1).replaceAll('/', '.') });
}

/** PostgreSQL cannot take NUL, and no id or filter holds a control character. */
function refuseControlCharacters(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    const texts = Array.isArray(value) ? value : [value];
    const broken = texts.some((text) => typeof text === 'string' && /\p{Cc}/u.test(text));
    if (broken) {
      const detail = `\`${name.slice(0, 60)}\` contains a control character.`;
      throw new ApiError('invalid_text', { detail });
    }
  }
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  options: AppOptions,
  ctx: Context,
): Promise<FastifyReply> {
  const input = { params: request.params, query: request.query, body: request.body };
  try {
    const result = await route.handle(ctx as never, input as never);
    return sendResult(reply, route, result);
  } catch (error) {
    // Who may not do it may not read what it answered to somebody else either.
    if (!(error instanceof ApiError) || error.status === 403) throw error;
    // The verb itself takes the key, with what it writes first. Another request with the same key
    // may have been first, and may be why this one was refused: the key is held, its token is
    // used, its reference taken. Then its answer, or its claim, is the truth.
    const winner = await replay(reply, route, options, ctx);
    if (winner !== undefined) return winner;
    throw error;
  }
}

/** Sends the stored answer of an earlier request with this Idempotency-Key, if there is one. */
async function replay(
  reply: FastifyReply,
  route: Route,
  { sealer }: AppOptions,
  ctx: Context,
): Promise<FastifyReply | undefined> {
  if (ctx.idempotency === undefined || ctx.scope === undefined) return undefined;
  const scoped: ScopedContext = { ...ctx, scope: ctx.scope };
  const earlier = await findEarlier(scoped);
  if (earlier.state === 'none') return undefined;
  if (earlier.state === 'begun') {
    // While the first try may still be at it, only what the worker has settled is an answer.
    const resumed = await route.resume?.(scoped, earlier.object, earlier.leased);
    if (resumed === undefined) throw idempotencyConflict();
    reply.header('idempotency-replayed', 'true');
    return sendResult(reply, route, resumed);
  }
  reply.header('idempotency-replayed', 'true');
  const plain = route.secret
    ? sealer.open(earlier.answer, 'idempotency', ownerOf(ctx.scope, ctx.idempotency))
    : earlier.answer;
  return sendStored(reply, earlier.status, JSON.parse(plain.toString()));
}

/** What a verb returned: the route's success, or another answer. */
function sendResult(reply: FastifyReply, route: Route, result: unknown): FastifyReply {
  if (result instanceof Reply) {
    reply.headers(result.headers);
    // The route's own success passes its serializer, which drops what the schema does not name.
    if (result.status === route.response.status) return reply.code(result.status).send(result.body);
    return sendStored(reply, result.status, result.body);
  }
  return reply.code(route.response.status).send(result);
}

function sendStored(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  const type = status >= 400 ? 'application/problem+json' : 'application/json; charset=utf-8';
  return reply.code(status).type(type).serializer(JSON.stringify).send(body);
}

function contextOf(request: FastifyRequest, route: Route, options: AppOptions): Context {
  const { identity } = request;
  if (identity === null) throw new Error('a route was reached without an identity');
  return {
    db: options.db,
    log: options.log,
    actor: identity.actor,
    scope: identity.scope,
    requestId: request.id,
    address: request.ip,
    userAgent: userAgentOf(request),
    apiVersion: identity.apiVersion ?? apiVersionLatest,
    idempotency: idempotencyOf(request, route, options, identity),
  };
}

/** What a sealed answer is bound to: it opens for the same request only. */
function ownerOf({ organization, mode }: Scope, { key, route }: { key: string; route: string }) {
  return JSON.stringify([organization, mode, route, key]);
}

const keyShape = /^[\x21-\x7e]{1,255}$/;

function idempotencyOf(
  request: FastifyRequest,
  route: Route,
  { leaseMs, sealer }: AppOptions,
  { actor, scope }: Identity,
): Idempotency | undefined {
  if (route.idempotency === undefined || scope === undefined) return undefined;
  const values = request.raw.headersDistinct['idempotency-key'] ?? [];
  const [key] = values;
  if (key === undefined) {
    if (route.idempotency === 'required') throw new ApiError('idempotency_key_required');
    return undefined;
  }
  if (values.length > 1 || !keyShape.test(key)) throw new ApiError('invalid_idempotency_key');
  if (secretKeysIn(key).length > 0) {
    throw new ApiError('key_in_body', { param: 'Idempotency-Key' });
  }
  if (holdsCardNumber(key)) throw new ApiError('card_data_refused', { param: 'Idempotency-Key' });
  const name = `${route.method} ${route.path}`;
  const bodyHash = createHash('sha256')
    .update(
      JSON.stringify([
        route.path,
        request.params,
        canonical(request.body),
        ...askedBy(actor, route),
      ]),
    )
    .digest();
  const encode = (result: unknown) => {
    const stored = result instanceof Reply ? result : new Reply(route.response.status, result);
    const plain = Buffer.from(JSON.stringify(stored.body));
    const owner = ownerOf(scope, { key, route: name });
    const answer = route.secret ? sealer.seal(plain, 'idempotency', owner) : plain;
    return { status: stored.status, answer };
  };
  return { key, route: name, bodyHash, leaseMs, encode };
}

/**
 * Whose answer it is. Programs of a merchant share theirs, so that a retry may come with the next
 * API key; people do not, nor keys that are bound to customers, and a secret is for whom it was
 * made.
 */
function askedBy(actor: Actor, route: Route): string[] {
  const isShared = actor.type === 'api_key' && isUnbound(actor) && !route.secret;
  return isShared ? [] : [`${actor.type} ${actor.id}`];
}

/** The same JSON value gives the same text, whatever the order of its keys (RFC 8785 in spirit). */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, canonical(member)]);
}

function limitHeaders(reply: FastifyReply, identity: NonNullable<FastifyRequest['identity']>) {
  if (identity.rate === undefined) return;
  const { verdict, perSecond } = identity.rate;
  reply.header('ratelimit-policy', `"default";q=${perSecond};w=1`);
  reply.header('ratelimit', `"default";r=${verdict.remaining};t=${verdict.resetSeconds}`);
  requireTurn(verdict, `This key may make ${perSecond} requests per second.`);
}

/** A key that is bound to customers reaches only what holds to that: default deny. */
function requireUnbound(actor: Actor, route: Route): void {
  if (route.customerBound || isUnbound(actor)) return;
  const detail = 'This API key is bound to certain customers, and this is not about one of them.';
  throw new ApiError('key_customer_refused', { detail });
}

function checkVersion(request: FastifyRequest): void {
  const asked = request.headers['payos-version'];
  if (asked === undefined || (typeof asked === 'string' && isApiVersion(asked))) return;
  const detail = `The versions are: ${apiVersions.join(', ')}.`;
  throw new ApiError('invalid_version', { detail, param: 'PayOS-Version' });
}
