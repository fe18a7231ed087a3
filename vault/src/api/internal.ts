import type { TLSSocket } from 'node:tls';
import { contextHeader, type Mode, schemas } from 'payos-contract';
import type { Static, TSchema } from 'typebox';
import type { Answer } from '../core/answer.ts';
import { bodyChecker } from '../core/check.ts';
import type { Exchange, Handler, Routes } from '../core/listener.ts';
import type { LiveMode } from '../core/live-mode.ts';
import { Refusal } from '../core/problem.ts';
import { readJsonBody } from '../core/read-body.ts';
import { addDestination } from '../destinations/add-destination.ts';
import { removeDestination } from '../destinations/remove-destination.ts';
import { type ForwardDeps, forwardCard } from '../forward/forward-card.ts';
import { type ForwardRequestDeps, forwardRequest } from '../forward/forward-request.ts';
import { deleteToken } from '../tokens/delete-token.ts';
import { describeTokens } from '../tokens/describe-tokens.ts';
import { keepToken } from '../tokens/keep-token.ts';
import type { Origin } from '../tokens/owner-values.ts';
import { type RenewTokenDeps, renewToken } from '../tokens/renew-token.ts';
import type { ContextCheck } from './request-context.ts';

type InternalDeps = ForwardDeps &
  ForwardRequestDeps &
  RenewTokenDeps & {
    liveMode: Pick<LiveMode, 'isOpen'>;
    checkContext: ContextCheck;
    /** The name of this process, which contexts are signed for. */
    audience: string;
  };

const bodyLimits = { size: 64 * 1024, timeoutMs: 10_000 };
/** Common names of the certificates whose holders may ask. The worker never needs a card sent. */
const anyProcess: readonly string[] = ['payos-server', 'payos-worker'];
const serverOnly: readonly string[] = ['payos-server'];

/** What the control plane may ask of the vault. None of it answers with a card number. */
export function internalRoutes(deps: InternalDeps): Routes {
  const { db } = deps;
  const { route, aboutToken } = routeMakers(deps.checkContext);
  return {
    ...forwardingRoutes(deps),
    '/livez': { GET: async () => ({ status: 200, body: { status: 'live' } }) },
    '/internal/context': {
      GET: async ({ request }) => {
        callerOf(request.socket as TLSSocket, anyProcess);
        return ok({ audience: deps.audience });
      },
    },
    '/internal/tokens/describe': {
      POST: route(schemas.DescribeTokens, serverOnly, async ({ tokens }, _origin, { notes }) => {
        notes.count = tokens.length;
        return ok({ tokens: await describeTokens(db, tokens) });
      }),
    },
    '/internal/tokens/keep': {
      POST: aboutToken(schemas.KeepToken, anyProcess, async (body, origin) => {
        return ok(await keepToken(deps, body, origin));
      }),
    },
    '/internal/tokens/delete': {
      POST: aboutToken(schemas.DeleteToken, anyProcess, async (body, origin) => {
        await deleteToken(deps, body, origin);
        return ok({ token: body.token, done: true });
      }),
    },
    '/internal/tokens/renew': {
      POST: aboutToken(schemas.RenewToken, serverOnly, async (body, origin) => {
        return ok(await renewToken(deps, body, origin));
      }),
    },
    '/internal/cvc/check': {
      POST: route(schemas.CheckCvcToken, serverOnly, async (body, _origin, { notes }) => {
        const { organization, mode, cvc_token, checkout_session: session = null } = body;
        Object.assign(notes, { organization, mode });
        if (!deps.cvcs.isFree({ organization, mode }, cvc_token, session)) {
          throw new Refusal('cvc_token_expired');
        }
        return ok({ cvc_token });
      }),
    },
    '/internal/forward': {
      POST: aboutToken(schemas.Forward, serverOnly, async (body, origin, { notes }) => {
        requireLive(deps, body.mode);
        notes.attempt = body.attempt;
        const forwarded = await forwardCard(deps, body, origin);
        notes.outcome = forwarded.outcome;
        if (forwarded.detail !== null) notes.detail = forwarded.detail;
        return ok(forwarded);
      }),
    },
  };
}

/** What merchants send to hosts that people have approved. */
function forwardingRoutes(deps: InternalDeps): Routes {
  const { db } = deps;
  const { route, aboutToken } = routeMakers(deps.checkContext);
  return {
    '/internal/forward-destinations/add': {
      POST: route(schemas.AddForwardDestination, serverOnly, async (body, origin, { notes }) => {
        Object.assign(notes, { organization: body.organization, mode: body.mode });
        await addDestination(db, body, origin);
        return ok({ destination: body.destination, done: true });
      }),
    },
    '/internal/forward-destinations/remove': {
      POST: route(schemas.RemoveForwardDestination, anyProcess, async (body, origin, { notes }) => {
        Object.assign(notes, { organization: body.organization, mode: body.mode });
        await removeDestination(db, body, origin);
        return ok({ destination: body.destination, done: true });
      }),
    },
    '/internal/forward-request': {
      POST: aboutToken(schemas.ForwardRequest, serverOnly, async (body, origin, { notes }) => {
        requireLive(deps, body.mode);
        notes.attempt = body.forward;
        const forwarded = await forwardRequest(deps, body, origin);
        notes.outcome = forwarded.outcome;
        if (forwarded.detail !== null) notes.detail = forwarded.detail;
        return ok(forwarded);
      }),
    },
  };
}

function requireLive({ liveMode }: InternalDeps, mode: Mode): void {
  if (mode === 'live' && !liveMode.isOpen()) throw new Refusal('live_mode_unavailable');
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

type Work<B> = (body: B, origin: Origin, exchange: Exchange) => Promise<Answer>;
type Owned = { organization: string; mode: Mode; token: string };

/**
 * Routes for processes of PayOS: the certificate, the signed context, the body that it was signed
 * for, its form, and whom it is about, in this order, before any work is done.
 */
function routeMakers(checkContext: ContextCheck) {
  function route<T extends TSchema>(
    schema: T,
    callers: readonly string[],
    work: Work<Static<T>>,
  ): Handler {
    const check = bodyChecker(schema);
    return async (exchange) => {
      const { request, requestId, notes } = exchange;
      const actor = callerOf(request.socket as TLSSocket, callers);
      notes.actor = actor;
      const operation = `${request.method} ${request.url}`;
      const sent = request.headersDistinct[contextHeader] ?? [];
      const context = checkContext(
        sent.length === 1 ? sent[0] : undefined,
        actor,
        operation,
        (why, seconds) => {
          notes.detail = `context: ${why}`;
          if (seconds !== undefined) notes.seconds = seconds;
        },
      );
      const body = check(await readJsonBody(request, bodyLimits, context.acceptBody));
      context.acceptOwners(body as Parameters<typeof context.acceptOwners>[0]);
      return work(body, { actor, requestId }, exchange);
    };
  }

  /** A route whose log line says which token it was about. */
  function aboutToken<T extends TSchema>(
    schema: T,
    callers: readonly string[],
    work: Work<Static<T> & Owned>,
  ): Handler {
    return route(schema, callers, (body, origin, exchange) => {
      const owned = body as Static<T> & Owned;
      const { organization, mode, token } = owned;
      Object.assign(exchange.notes, { organization, mode, token });
      return work(owned, origin, exchange);
    });
  }

  return { route, aboutToken };
}

/** Parsing a certificate is dear, and a connection keeps the one it began with. */
const peers = new WeakMap<TLSSocket, unknown>();

function peerOf(socket: TLSSocket): unknown {
  if (!peers.has(socket)) peers.set(socket, socket.getPeerCertificate().subject?.CN);
  return peers.get(socket);
}

/** The certificate was verified by TLS; here its holder is. */
function callerOf(socket: TLSSocket, callers: readonly string[]): string {
  const name = peerOf(socket);
  if (typeof name !== 'string' || !callers.includes(name)) {
    throw new Refusal('permission_denied', { detail: 'This certificate may not ask the vault.' });
  }
  return name;
}
