import { schemas } from 'payos-contract';
import type { Answer } from '../core/answer.ts';
import { bodyChecker } from '../core/check.ts';
import type { Exchange, Handler, Routes } from '../core/listener.ts';
import { Refusal } from '../core/problem.ts';
import type { RateLimiter } from '../core/rate-limit.ts';
import { readJsonBody } from '../core/read-body.ts';
import { type RevealDeps, revealCard } from '../reveal/reveal-card.ts';
import { createRefusalReports } from '../reveal/tell-refusals.ts';
import { requireBound } from './card-gate.ts';
import type { KnownKey } from './key-memory.ts';
import {
  addressOf,
  authenticate,
  bodyLimits,
  checkVersion,
  type PublicDeps,
  publicRoutes,
} from './public.ts';

const checkBody = bodyChecker(schemas.CreateReveal);

type Deps = PublicDeps & RevealDeps & { toldLimiter: RateLimiter };

/** What the world may ask of the vault, cards included. */
export function allPublicRoutes(deps: Deps): Routes {
  return { ...publicRoutes(deps), '/v1/reveals': { POST: postReveal(deps) } };
}

/** `POST /v1/reveals`: a saved card, sealed to a registered public key. */
function postReveal(deps: Deps): Handler {
  const tellRefusal = createRefusalReports(deps.server, deps.toldLimiter, deps.log);
  return async (exchange) => {
    try {
      return await reveal(deps, exchange);
    } catch (error) {
      await tellRefusal(error, exchange.notes, addressOf(exchange.request));
      throw error;
    }
  };
}

async function reveal(deps: Deps, exchange: Exchange): Promise<Answer> {
  const { request, requestId, notes } = exchange;
  checkVersion(exchange);
  const { known, lookAgain } = await authenticate(deps, exchange, 'cards:reveal', (_, key) =>
    requireReveal(key),
  );
  if (known.mode === 'live' && !deps.liveMode.isOpen()) throw new Refusal('live_mode_unavailable');
  if (request.headersDistinct['idempotency-key'] !== undefined) {
    throw new Refusal('idempotency_not_supported');
  }
  const body = checkBody(await readJsonBody(request, bodyLimits));
  if ((body.token === undefined) === (body.payment_method === undefined)) {
    throw new Refusal('invalid_request', { detail: 'Name either token or payment_method.' });
  }
  // The gate may have been closed while the body was on its way, as slowly as somebody likes.
  const key = await lookAgain();
  const address = addressOf(request);
  const answer = await revealCard(deps, key, body, { address, requestId });
  notes.token = answer.token;
  return { status: 201, body: answer };
}

/** @throws Refusal `permission_denied`, `ip_list_required`, `card_gate_closed` */
function requireReveal(key: KnownKey): void {
  if (key.kind !== 'secret') throw new Refusal('permission_denied');
  requireBound(key);
  if (!key.gate.reveal || key.reveal === null) throw new Refusal('card_gate_closed');
}
