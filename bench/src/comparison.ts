import { type Measured, ratioOf } from './compare.ts';

/** What PayOS reached, beside one or more limits of the same run. */
export type Comparison = {
  name: string;
  ours: Measured;
  limits: Limit[];
  /** Executions of recorded SQL that must be found in the limits' database. */
  replayed?: number;
};

export type Limit = {
  name: string;
  measured: Measured;
  /** Ours divided by the limit: the median of the rounds' own ratios. */
  ratio: number;
  /** What the ratio should reach. */
  aim: number | undefined;
};

export function row(name: string, ours: Measured, measured: Measured, aim?: number): Limit {
  return { name, measured, ratio: ratioOf(ours, measured), aim };
}
