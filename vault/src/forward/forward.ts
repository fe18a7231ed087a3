import type { Agent } from 'node:https';
import { parseStrictJson, type schemas } from 'payos-contract';
import type { Card } from '../cards/card.ts';
import { nowMs } from '../core/clock.ts';
import { describeError, type Log } from '../core/log.ts';
import type { CvcMemory } from '../cvc-memory.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';
import type { Origin } from '../tokens/owner-values.ts';
import type { ClaimCard } from './claim.ts';
import { checkDestination, checkHeaders, type Destination } from './destination.ts';
import { openCard } from './open-card.ts';
import { checkPlaceholders, fillPlaceholders, refusePlaceholders } from './placeholders.ts';
import { containsCode, containsNumber } from './scan-answer.ts';
import { type Sent, sendOnce } from './send.ts';
import type { SettleForward } from './settle.ts';

export type ForwardDeps = {
  claimCard: ClaimCard;
  settleForward: SettleForward;
  keks: KekStore;
  cvcs: CvcMemory;
  agent: Agent;
  allowedHosts: ReadonlySet<string>;
  log: Log;
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
  const { request, attempt, token, retain } = order;
  const owner: Owner = { organization: order.organization, mode: order.mode };
  refusePlaceholders([request.url], 'request.url');
  refusePlaceholders(Object.entries(request.headers).flat(), 'request.headers');
  checkHeaders(request.headers);
  const destination = checkDestination(request.url, deps.allowedHosts);
  const codeMembers = checkPlaceholders(request.body);

  if (isTooLate(order)) return result('not_sent', 'too_late');
  const which = { ...owner, token, attempt, retain, saved: order.saved, host: destination.origin };
  const sealed = await deps.claimCard(which, origin);
  if (sealed === undefined) return result('unknown', 'already_forwarded');

  const card = await openCard(deps, owner, token, sealed);
  const forwarded =
    card === undefined
      ? result('not_sent', 'card_unreadable')
      : await send(deps, owner, order, destination, card, codeMembers);
  // Authorization is complete when the answer is there, whatever it says (PCI DSS 3.3.1).
  closeCodes(deps.cvcs, owner, order, forwarded);
  await settle(deps, order, forwarded, origin);
  return forwarded;
}

function codeOf(cvcs: CvcMemory, owner: Owner, order: schemas.Forward): string | undefined {
  const { token, cvc_token, attempt } = order;
  return cvc_token === undefined ? cvcs.read(owner, token) : cvcs.claim(owner, cvc_token, attempt);
}

function closeCodes(
  cvcs: CvcMemory,
  owner: Owner,
  { token, cvc_token, attempt }: schemas.Forward,
  { outcome }: schemas.Forwarded,
): void {
  if (outcome !== 'not_sent') {
    cvcs.burn(owner, token);
    if (cvc_token !== undefined) cvcs.burn(owner, cvc_token);
  } else if (cvc_token !== undefined) cvcs.release(owner, cvc_token, attempt);
}

function isTooLate({ not_after_ms }: schemas.Forward): boolean {
  return nowMs() > not_after_ms;
}

async function send(
  deps: ForwardDeps,
  owner: Owner,
  order: schemas.Forward,
  destination: Destination,
  card: Card,
  codeMembers: ReadonlySet<string>,
): Promise<schemas.Forwarded> {
  // The claim may have waited for the database, and for those it went together with.
  if (isTooLate(order)) {
    card.wipe();
    return result('not_sent', 'too_late');
  }
  const code = codeOf(deps.cvcs, owner, order);
  if (order.cvc_token !== undefined && code === undefined) {
    card.wipe();
    return result('not_sent', 'cvc_token_expired');
  }
  const filled = fillPlaceholders(order.request.body, {
    'card.number': card.useNumber((digits) => digits.toString('latin1')),
    'card.exp_month': card.expMonth,
    'card.exp_year': card.expYear,
    'card.code': code,
    'card.name': card.name,
  });
  const body = Buffer.from(JSON.stringify(filled), 'utf8');
  const { headers } = order.request;
  const outgoing = { destination, headers, body, timeoutMs: order.timeout_ms };
  const sent = await sendOnce(deps.agent, outgoing).catch((error: unknown): Sent => {
    deps.log('error', 'request_not_made', { error: describeError(error) });
    return { outcome: 'not_sent', detail: 'request_not_made' };
  });
  body.fill(0);
  const forwarded = inspectAnswer(sent, card, code, codeMembers);
  card.wipe();
  if (forwarded.detail === leak) {
    deps.log('error', leak, { attempt: order.attempt, host: destination.origin });
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

/** The answer counts even if it cannot be recorded now: the sweeper finishes what is left open. */
async function settle(
  { settleForward, log }: ForwardDeps,
  { attempt }: schemas.Forward,
  forwarded: schemas.Forwarded,
  origin: Origin,
): Promise<void> {
  try {
    await settleForward({ attempt, forwarded, origin });
  } catch (error) {
    log('error', 'forward_not_recorded', { attempt, error: describeError(error) });
  }
}

function result(outcome: 'not_sent' | 'unknown', detail: string): schemas.Forwarded {
  return { outcome, status: null, body: null, detail };
}
