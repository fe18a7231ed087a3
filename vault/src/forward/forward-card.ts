import type { Agent } from 'node:https';
import { parseStrictJson, type schemas } from 'payos-contract';
import type { Card } from '../cards/card.ts';
import { describeError } from '../core/log.ts';
import type { Origin } from '../tokens/owner-values.ts';
import { checkHeaders } from './check-headers.ts';
import { checkPlaceholders, fillPlaceholders, refusePlaceholders } from './placeholders.ts';
import { checkProcessor, type Processor } from './processor.ts';
import { containsCode, containsNumber } from './scan-answer.ts';
import { type ClaimDeps, sendClaimed } from './send-claimed.ts';
import { type Sent, sendToProcessor } from './send-to-processor.ts';

export type ForwardDeps = ClaimDeps & {
  agent: Agent;
  allowedHosts: ReadonlySet<string>;
};

/**
 * Sends a card to a processor, at most once per attempt. Throws {@link Refusal} before anything is
 * claimed or sent (`invalid_request`, `not_found`, `token_already_used`, `token_expired`); after
 * that the outcome says what happened.
 */
export async function forwardCard(
  deps: ForwardDeps,
  order: schemas.Forward,
  origin: Origin,
): Promise<schemas.Forwarded> {
  const { request, organization, mode, attempt, token, retain, saved } = order;
  refusePlaceholders([request.url], 'request.url');
  refusePlaceholders(Object.entries(request.headers).flat(), 'request.headers');
  checkHeaders(request.headers);
  const processor = checkProcessor(request.url, deps.allowedHosts);
  const codeMembers = checkPlaceholders(request.body);

  const which = { organization, mode, token, attempt, retain, saved, host: processor.host };
  const { not_after_ms: notAfterMs, cvc_token: cvcToken, checkout_session: session = null } = order;
  const work = { ...which, notAfterMs, cvcToken, session };
  return sendClaimed(deps, work, origin, {
    send: (card, code) => send(deps, order, processor, card, code, codeMembers),
    without: result,
  });
}

async function send(
  deps: ForwardDeps,
  order: schemas.Forward,
  processor: Processor,
  card: Card,
  code: string | undefined,
  codeMembers: ReadonlySet<string>,
): Promise<schemas.Forwarded> {
  const filled = fillPlaceholders(order.request.body, {
    'card.number': card.useNumber((digits) => digits.toString('latin1')),
    'card.exp_month': card.expMonth,
    'card.exp_year': card.expYear,
    'card.code': code,
    'card.name': card.name,
  });
  const body = Buffer.from(JSON.stringify(filled), 'utf8');
  const { headers } = order.request;
  const outgoing = { processor, headers, body, timeoutMs: order.timeout_ms };
  const sent = await sendToProcessor(deps.agent, outgoing).catch((error: unknown): Sent => {
    deps.log('error', 'request_not_made', { error: describeError(error) });
    return { outcome: 'not_sent', detail: 'request_not_made' };
  });
  body.fill(0);
  const forwarded = inspectAnswer(sent, card, code, codeMembers);
  if (forwarded.detail === leak) {
    deps.log('error', leak, { attempt: order.attempt, host: processor.host });
  }
  return forwarded;
}

const leak = 'response_contained_card_data';

/** The answer's JSON, unless the processor repeats the card: that must not leave the vault. */
function inspectAnswer(
  sent: Sent,
  card: Card,
  code: string | undefined,
  codeMembers: ReadonlySet<string>,
): schemas.Forwarded {
  if (sent.outcome !== 'answered') return result(sent.outcome, sent.detail);
  const answered = (body: unknown, detail: string | null): schemas.Forwarded => ({
    outcome: 'answered',
    status: sent.status,
    body,
    detail,
  });
  if (card.useNumber((digits) => containsNumber(sent.text, digits))) return answered(null, leak);
  // Strict, so that what is looked through here is what the server will read.
  const parsed = parseStrictJson(sent.text);
  if (!parsed.ok) return answered(null, 'answer_not_json');
  const body = parsed.value;
  if (code !== undefined && containsCode(body, code, codeMembers)) return answered(null, leak);
  return answered(body, null);
}

function result(outcome: 'not_sent' | 'unknown', detail: string): schemas.Forwarded {
  return { outcome, status: null, body: null, detail };
}
