/** Trouble that a test asks for. Kept in memory only: a restart ends it. */
export type Faults = {
  /** Every answer waits this long; what it tells of is done at once. */
  latency_ms: number;
  /** 503 to everything except `/livez`, `/v1/faults` and the list of charges. */
  outage: boolean;
  /** Share of charges, captures, voids and refunds that are done, then cut off unanswered. */
  drop_after_charge_ratio: number;
  /** Share of them that are cut off before anything is done. */
  not_recorded_drop_ratio: number;
};

export const noFaults: Faults = Object.freeze({
  latency_ms: 0,
  outage: false,
  drop_after_charge_ratio: 0,
  not_recorded_drop_ratio: 0,
});
