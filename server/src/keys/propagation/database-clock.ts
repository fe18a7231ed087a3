import { clock } from '../../core/clock.ts';

/** Answers that are compared; some seconds' worth, in which no clock drifts by a millisecond. */
const answersMax = 32;
/** Answers that contradict each other by more than this mean that a clock was set, in ms. */
const slackMs = 1;

/**
 * The clock of the database as it is known here. It alone says when a key ends: clocks of processes
 * differ. Each answer of the database that holds its time narrows it down: that time lay between
 * sending and receiving.
 */
export class DatabaseClock {
  /** How far the database is ahead of our monotonic clock: at least and at most, by answer. */
  #answers: { least: number; most: number }[] = [];
  #aheadMs = 0;

  /**
   * @param databaseMs Unix milliseconds as the database said
   * @param sentMs our monotonic clock before we asked
   */
  note(databaseMs: number, sentMs: number): void {
    const next = { least: databaseMs - clock.monotonicMs(), most: databaseMs - sentMs };
    const isContradiction = this.#answers.some(
      ({ least, most }) => next.least > most + slackMs || next.most < least - slackMs,
    );
    if (isContradiction) this.#answers = [];
    this.#answers.push(next);
    if (this.#answers.length > answersMax) this.#answers.shift();
    this.#aheadMs = Math.min(...this.#answers.map(({ most }) => most));
  }

  /**
   * Unix milliseconds. Never behind the database, ahead by at most the time its fastest answer
   * took: no key outlives its end.
   */
  nowMs(): number {
    return clock.monotonicMs() + this.#aheadMs;
  }
}
