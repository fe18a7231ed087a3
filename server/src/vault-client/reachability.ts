import type { Metrics } from '../core/metrics.ts';

/**
 * What became of a question to the vault: it was answered (also that there is no such token), it
 * cannot serve (sealed, without its database or key service), it refused who or how it was asked,
 * it failed, or nothing came back that could be understood.
 */
export type VaultOutcome = 'answered' | 'unavailable' | 'refused' | 'failed' | 'silent';

/** Counts the questions to the vault, and remembers how the last one went. */
export class Reachability {
  readonly #metrics: Pick<Metrics, 'vaultQuestions' | 'vaultReachable'>;
  #last: VaultOutcome = 'answered';

  constructor(metrics: Pick<Metrics, 'vaultQuestions' | 'vaultReachable'>) {
    this.#metrics = metrics;
    // Nobody knows before the first question: a 0 would be an alert at each start.
    metrics.vaultReachable.remove();
  }

  note(outcome: VaultOutcome): void {
    this.#last = outcome;
    this.#metrics.vaultQuestions.inc({ outcome });
    this.#metrics.vaultReachable.set(outcome === 'answered' ? 1 : 0);
  }

  /** For `/readyz`: how the last question went, unless it was answered. */
  remark(): string | undefined {
    return this.#last === 'answered' ? undefined : `vault: ${this.#last}`;
  }
}
