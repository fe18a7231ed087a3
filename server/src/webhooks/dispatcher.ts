import type { OnCardData } from '../core/card-data.ts';
import { clock } from '../core/clock.ts';
import type { Database } from '../core/db.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import type { Sealer } from '../core/seal.ts';
import { EgressClient } from '../egress/index.ts';
import { attemptDelivery } from './attempt.ts';
import { type Claim, claim, type Queue } from './claim.ts';
import { noteHealth } from './health.ts';
import { Lanes } from './lanes.ts';
import { SigningKeys } from './secret.ts';
import type { Outcome } from './settle.ts';
import { Settler } from './settler.ts';

export type DispatcherOptions = {
  db: Database;
  sealer: Sealer;
  metrics: Metrics;
  log: Log;
  /** Told of card numbers that were taken out of bodies. */
  onCardData: OnCardData;
  /** PAYOS_EGRESS_ALLOW */
  egressAllow: readonly string[];
  /** Content of PAYOS_EGRESS_CA */
  egressCa: string | undefined;
  /** What the waits of the retry schedule are multiplied by; 1 outside of tests. */
  retryScale: number;
  /** PAYOS_WEBHOOK_TIMEOUT_MS */
  timeoutMs: number;
};

/** A lease is longer than any attempt can take, by this much. */
const leaseMarginMs = 15_000;
/** A claim that has waited this long is given back instead of being begun late in its lease. */
const staleMs = 10_000;

const beginning = '';

/** Claims deliveries, makes them, and hands their outcomes to the settler. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lanes = new Lanes();
  readonly #egress: EgressClient;
  readonly #keys: SigningKeys;
  readonly #settler: Settler;
  readonly #underWay = new Set<Promise<void>>();
  /** Claims that were given a turn and are not on disk yet. */
  readonly #begun = new Set<Claim>();
  /** Where each queue's round of endpoints goes on. */
  readonly #places: Record<Queue, string> = { fresh: beginning, retry: beginning };
  #health: Promise<void> = Promise.resolve();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { db, log, egressAllow: allow, egressCa: ca, timeoutMs } = options;
    this.#egress = new EgressClient({ allow, ca, timeoutMs });
    this.#keys = new SigningKeys(options.sealer);
    this.#settler = new Settler({
      db,
      log,
      onSettled: (outcomes) => this.#settled(outcomes),
      onDone: (outcome) => this.#begun.delete(outcome.claim) && this.#lanes.settled(outcome.claim),
    });
  }

  /**
   * Claims what there is room for and begins with it.
   *
   * @returns whether there may be more
   */
  async claimFrom(queue: Queue): Promise<boolean> {
    // Retries take half of the room at most: old trouble does not hold up what is new.
    const limit = queue === 'retry' ? Math.floor(this.#lanes.room / 2) : this.#lanes.room;
    if (limit <= 0) return true;
    const from = this.#places[queue];
    const leaseMs = this.#options.timeoutMs + leaseMarginMs;
    const nowMs = clock.monotonicMs();
    const request = { queue, limit, leaseMs, from, ...this.#lanes.roomOf };
    const claims = await claim(this.#options.db, request, nowMs);
    const last = claims.length === limit ? claims.at(-1) : undefined;
    this.#places[queue] = last?.endpoint ?? beginning;
    for (const taken of claims) {
      if (taken.target === null) this.#settler.add(unsent(taken, 'failed'));
      else this.#lanes.add(taken);
    }
    this.#pump();
    // The end of the round was reached with room left: it begins anew at once.
    if (last === undefined && from !== beginning) return this.claimFrom(queue);
    return claims.length > 0;
  }

  /** Finishes what is under way, gives back what is not begun, and closes all connections. */
  async stop(): Promise<void> {
    for (const left of this.#lanes.clear()) this.#settler.add(unsent(left, 'released'));
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    await this.#settler.drained();
    await this.#health;
    await this.#egress.close();
  }

  #pump(): void {
    for (let next = this.#lanes.next(); next !== undefined; next = this.#lanes.next()) {
      this.#begun.add(next);
      const work = this.#make(next).finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
    }
  }

  async #make(taken: Claim): Promise<void> {
    const outcome = await this.#attempt(taken);
    // What was given back says nothing about the endpoint.
    const told = outcome.result !== 'released';
    this.#lanes.finished(taken, told ? outcome.result === 'succeeded' : undefined);
    this.#settler.add(outcome);
    this.#pump();
  }

  #attempt(taken: Claim): Promise<Outcome> {
    if (clock.monotonicMs() - taken.claimedAtMs > staleMs) {
      return Promise.resolve(unsent(taken, 'released'));
    }
    return attemptDelivery(taken, {
      egress: this.#egress,
      keyOf: (endpoint, sealed) => this.#keys.keyOf(endpoint, sealed),
      retryScale: this.#options.retryScale,
      log: this.#options.log,
      onCardData: (found) => {
        const { metrics, onCardData } = this.#options;
        metrics.cardDataFound.inc({ stream: found.stream }, found.count);
        onCardData(found);
      },
    });
  }

  #settled(outcomes: Outcome[]): void {
    const { db, log, metrics } = this.#options;
    for (const { result } of outcomes) metrics.deliveries.inc({ outcome: result });
    this.#health = this.#health
      .then(() => noteHealth(db, log, outcomes))
      .catch((error) => log.error({ err: error }, 'the health of endpoints was not noted'));
  }
}

function unsent(taken: Claim, result: 'failed' | 'released'): Outcome {
  return { claim: taken, result, attempt: undefined, retryInMs: undefined };
}
