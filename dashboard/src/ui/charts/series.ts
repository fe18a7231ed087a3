/** One line, or one colour of bars. */
export type Series = {
  label: string;
  tone: 'accent' | 'ok' | 'danger';
  /** One value for each time of the chart. */
  values: readonly number[];
};

/** Times on the axis, and what was measured at them. */
export type TimeData = {
  /** RFC 3339. */
  times: readonly string[];
  series: readonly Series[];
};

/** Sum of all series at one time. */
export const totalAt = (series: readonly Series[], index: number): number =>
  series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
