import type { ScopedContext } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { type VaultClient, VaultSilent } from '../vault-client/index.ts';
import type { Call, Outcome, Processor } from './processors/processor.ts';

/** No processor takes longer than this to show a request it received. */
const absenceBelievedAfterMs = 60_000;
const sendingMarginMs = 5_000;

/**
 * When "not found" at the processor is believed, in milliseconds from the attempt's beginning: the
 * call can no longer be on its way then, because {@link sendBeforeMs} lies well before it.
 */
export function absenceBelievedMs(processorTimeoutMs: number): number {
  return Math.max(absenceBelievedAfterMs, 2 * processorTimeoutMs);
}

/** When a card may last leave the vault, in milliseconds from the attempt's beginning. */
function sendBeforeMs(processorTimeoutMs: number): number {
  return absenceBelievedMs(processorTimeoutMs) - processorTimeoutMs - sendingMarginMs;
}

/** The card of an authorization. */
export type CardToSend = {
  token: string;
  /** The checkout session that is paid, if one is. */
  session: string | undefined;
  /** Of the security code, where it was collected by itself. */
  cvcToken: string | undefined;
  retain: boolean;
  saved: boolean;
  begunMs: number;
};

/** What the verbs of this feature work with. */
export type PaymentDependencies = {
  vault: VaultClient;
  processor: Processor;
  metrics: Metrics;
  log: Log;
  processorTimeoutMs: number;
  resolveAfterMs: number;
};

/**
 * Makes the call of one attempt, whose row is already committed. Never throws: whatever happens
 * has to be written down.
 *
 * @param card only for authorizations
 */
export async function callProcessor(
  deps: PaymentDependencies,
  ctx: ScopedContext,
  call: Call,
  card: CardToSend | undefined,
): Promise<Outcome> {
  const outcome = await attempt(deps, ctx, call, card).catch((error: unknown): Outcome => {
    deps.log.error({ err: error, attempt: call.id }, 'a processor call ended in an error');
    return { kind: 'unknown', detail: 'internal' };
  });
  const processor = deps.processor.name;
  deps.metrics.attempts.inc({ processor, kind: call.kind, outcome: outcome.kind });
  const words = 'failure' in outcome ? outcome.failure : 'detail' in outcome ? outcome.detail : '';
  const level = words === '' ? 'info' : 'warn';
  deps.log[level](
    {
      request_id: ctx.requestId,
      attempt: call.id,
      payment: call.payment,
      outcome: outcome.kind,
      words,
    },
    'a processor was asked',
  );
  return outcome;
}

async function attempt(
  deps: PaymentDependencies,
  ctx: ScopedContext,
  call: Call,
  card: CardToSend | undefined,
): Promise<Outcome> {
  if (card === undefined) {
    const outcome = await deps.processor.operate(call);
    return isOver(outcome) ? askAtOnce(deps, call, outcome) : outcome;
  }
  try {
    const answer = await deps.vault.forward(
      {
        ...ctx.scope,
        token: card.token,
        ...(card.cvcToken === undefined ? {} : { cvc_token: card.cvcToken }),
        ...(card.session === undefined ? {} : { checkout_session: card.session }),
        attempt: call.id,
        retain: card.retain,
        saved: card.saved,
        not_after_ms: card.begunMs + sendBeforeMs(deps.processorTimeoutMs),
        timeout_ms: deps.processorTimeoutMs,
        request: deps.processor.authorization(call),
      },
      ctx.requestId,
    );
    if (answer.outcome === 'not_sent') return { kind: 'failed', failure: notSent(answer.detail) };
    if (answer.outcome === 'unknown' || answer.status === null) {
      return { kind: 'unknown', detail: answer.detail ?? 'no answer' };
    }
    const outcome = deps.processor.readAuthorization(answer.status, answer.body);
    return isOver(outcome) ? askAtOnce(deps, call, outcome) : outcome;
  } catch (error) {
    if (error instanceof ApiError) return { kind: 'failed', failure: error.code };
    if (error instanceof VaultSilent && !error.sent) {
      const about = { request_id: ctx.requestId, attempt: call.id, payment: call.payment };
      deps.log.error({ err: error.cause, ...about }, 'the vault did not answer');
      return { kind: 'failed', failure: 'vault_unavailable' };
    }
    throw error;
  }
}

/** Why nothing was sent, as the vault says it: a short word. */
function notSent(detail: string | null): string {
  return detail === null ? 'not_sent' : `not_sent: ${detail}`;
}

/** The processor itself has ended the call, so that its status query can be believed at once. */
function isOver(outcome: Outcome): boolean {
  return outcome.kind === 'unknown' && outcome.over === true;
}

async function askAtOnce(
  deps: PaymentDependencies,
  call: Call,
  outcome: Outcome,
): Promise<Outcome> {
  const finding = await deps.processor.find(call.id, call.kind);
  if (finding.kind === 'absent') return { kind: 'failed', failure: 'processor_unavailable' };
  if (finding.kind === 'pending') return outcome;
  return finding;
}
