import { looksLikePlaceholder, type schemas, templateFaults } from 'payos-contract';
import type { Resolve } from 'payos-egress';
import type { Card } from '../cards/card.ts';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import {
  type Destination,
  findDestination,
  type Outside,
} from '../destinations/find-destination.ts';
import type { Origin } from '../tokens/owner-values.ts';
import { CardFinder } from './card-finder.ts';
import { checkHeaders } from './check-headers.ts';
import { fillTemplate, valuesOf } from './fill-template.ts';
import { type ClaimDeps, sendClaimed } from './send-claimed.ts';
import { type Line, sendToDestination } from './send-to-destination.ts';
import { leak, showAnswer } from './show-answer.ts';

export type ForwardRequestDeps = ClaimDeps & {
  db: Db;
  outside: Outside & { resolve: Resolve; secureContext: Line['secureContext'] };
};

/**
 * Sends a merchant's request, with the card filled in, to a destination on the vault's own list: at
 * most once. Throws {@link Refusal} before anything is claimed or sent (`invalid_request`,
 * `destination_not_allowed`, `not_found`, `token_already_used`, `token_expired`); after that the
 * outcome says what happened.
 */
export async function forwardRequest(
  deps: ForwardRequestDeps,
  order: schemas.ForwardRequest,
  origin: Origin,
): Promise<schemas.RequestForwarded> {
  const { request, organization, mode, token, saved } = order;
  const { url, destination } = await findDestination(deps.db, deps.outside, order, request.url);
  refuseTemplates(request, destination);
  checkHeaders(request.headers);
  const which = { organization, mode, token, attempt: order.forward, saved };
  // What was made on the page of a checkout session is for its payment.
  const claim = { ...which, retain: false, session: null };
  const { host } = url;
  const work = { ...claim, host, notAfterMs: order.not_after_ms, cvcToken: order.cvc_token };
  return sendClaimed(deps, work, origin, {
    send: (card, code) => send(deps, order, { url, destination, host }, card, code),
    without,
  });
}

/** The card goes into the body only, and there to the places that the destination names. */
function refuseTemplates(
  { url, headers, body }: schemas.ForwardRequest['request'],
  { content_type, fields }: Destination,
): void {
  if ([url, ...Object.entries(headers).flat()].some(looksLikePlaceholder)) {
    throw new Refusal('invalid_request', { param: 'request' });
  }
  const errors = templateFaults(content_type, fields, body);
  if (errors.length > 0) throw new Refusal('invalid_request', { errors });
}

async function send(
  { outside, log }: ForwardRequestDeps,
  { request, timeout_ms, forward }: schemas.ForwardRequest,
  { url, destination, host }: { url: URL; destination: Destination; host: string },
  card: Card,
  code: string | undefined,
): Promise<schemas.RequestForwarded> {
  const { content_type, fields } = destination;
  const body = fillTemplate(content_type, fields, request.body, valuesOf(card, code));
  const sent = await sendToDestination(outside, {
    url,
    method: request.method,
    headers: { ...request.headers, 'content-type': content_type },
    body,
    timeoutMs: timeout_ms,
  });
  body.fill(0);
  if (sent.outcome !== 'answered') return without(sent.outcome, sent.detail);
  const finder = card.useNumber((digits) => new CardFinder(digits, code, codeNames(destination)));
  const shown = showAnswer(sent, finder);
  if (shown.detail === leak) log('warn', leak, { attempt: forward, host });
  return { outcome: 'answered', status: sent.status, ...shown };
}

/** What the members or fields are called that carried the code. */
function codeNames({ fields: { code = [] } }: Destination): string[] {
  return code.map((place) => place.slice(place.lastIndexOf('/') + 1));
}

function without(outcome: 'not_sent' | 'unknown', detail: string): schemas.RequestForwarded {
  return { outcome, status: null, headers: {}, body: null, redacted: 'none', detail };
}
