import { clock } from '../../core/clock.ts';

/** A point in time on both clocks. */
type Moment = { monotonicMs: number; wallMs: number };

/**
 * Now. Whoever asks for something takes it before asking, not after: see {@link Freshness.renew}.
 */
export function moment(): Moment {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.nowMs() };
}

/**
 * How old what we know is. By the monotonic clock, which nobody sets, and by the other one, which
 * goes on while the whole machine sleeps: whichever says more.
 */
export class Freshness {
  #since: Moment | undefined;

  /** @param asOf before what we know now was asked for */
  renew(asOf: Moment): void {
    this.#since = asOf;
  }

  ageMs(): number {
    if (this.#since === undefined) return Number.POSITIVE_INFINITY;
    const { monotonicMs, wallMs } = this.#since;
    return Math.max(clock.monotonicMs() - monotonicMs, Math.abs(clock.nowMs() - wallMs));
  }
}
