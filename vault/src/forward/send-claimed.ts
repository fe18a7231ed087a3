import type { schemas } from 'payos-contract';
import type { Card } from '../cards/card.ts';
import { nowMs } from '../core/clock.ts';
import { describeError, type Log } from '../core/log.ts';
import type { CvcMemory } from '../cvc-memory.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';
import { tryOpenCard } from '../seal/open-card.ts';
import type { Origin } from '../tokens/owner-values.ts';
import type { ClaimCard, ForwardOrder } from './claim.ts';
import type { SettleForward } from './settle.ts';

export type ClaimDeps = {
  claimCard: ClaimCard;
  settleForward: SettleForward;
  keks: KekStore;
  cvcs: CvcMemory;
  log: Log;
};

/** What became of a request, as far as it is written down. */
export type Happened = Pick<schemas.Forwarded, 'outcome' | 'status' | 'detail'>;

type Order = ForwardOrder & {
  notAfterMs: number;
  /** Where the security code is, if it was not collected with the card. */
  cvcToken: string | undefined;
};

type Work<T> = {
  /** Sends the card, and answers without it. Never rejects. */
  send: (card: Card, code: string | undefined) => Promise<T>;
  /** The answer where nothing was sent now. */
  without: (outcome: 'not_sent' | 'unknown', detail: string) => T;
};

/**
 * Takes card and attempt, opens the card, has it sent, destroys what must not be kept, and writes
 * down what happened: once per attempt, whatever happens. Throws what {@link ClaimCard} refuses,
 * before anything is sent.
 */
export async function sendClaimed<T extends Happened>(
  deps: ClaimDeps,
  order: Order,
  origin: Origin,
  { send, without }: Work<T>,
): Promise<T> {
  const isTooLate = () => nowMs() > order.notAfterMs;
  if (isTooLate()) return without('not_sent', 'too_late');
  const { token, organization, mode } = order;
  const owner: Owner = { organization, mode };
  const sealed = await deps.claimCard(order, origin);
  if (sealed === undefined) return without('unknown', 'already_forwarded');

  const card = await tryOpenCard(deps, owner, token, sealed);
  // The claim may have waited for the database, and for those it went together with.
  const late = isTooLate();
  const code = late ? undefined : codeOf(deps.cvcs, owner, order);
  let happened: T;
  if (card === undefined) happened = without('not_sent', 'card_unreadable');
  else if (late) happened = without('not_sent', 'too_late');
  else if (order.cvcToken !== undefined && code === undefined)
    happened = without('not_sent', 'cvc_token_expired');
  else happened = await send(card, code);
  card?.wipe();
  // Authorization is complete when the answer is there, whatever it says (PCI DSS 3.3.1).
  closeCodes(deps.cvcs, owner, order, happened);
  await settle(deps, order.attempt, happened, origin);
  return happened;
}

function codeOf(cvcs: CvcMemory, owner: Owner, order: Order): string | undefined {
  // One authorization has the code: of two at once with the same token, the other goes without.
  return cvcs.claim(owner, order.cvcToken ?? order.token, order.attempt, order.session);
}

function closeCodes(
  cvcs: CvcMemory,
  owner: Owner,
  { token, cvcToken, attempt }: Order,
  { outcome }: Happened,
): void {
  if (outcome !== 'not_sent') {
    cvcs.burn(owner, token);
    if (cvcToken !== undefined) cvcs.burn(owner, cvcToken);
  } else cvcs.release(owner, cvcToken ?? token, attempt);
}

/** The answer counts even if it cannot be recorded now: the sweeper finishes what is left open. */
async function settle(
  { settleForward, log }: ClaimDeps,
  attempt: string,
  happened: Happened,
  origin: Origin,
): Promise<void> {
  try {
    await settleForward({ attempt, happened, origin });
  } catch (error) {
    log('error', 'forward_not_recorded', { attempt, error: describeError(error) });
  }
}
