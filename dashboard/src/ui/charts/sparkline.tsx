import { scaleLinear } from 'd3-scale';
import { area, curveMonotoneX, line } from 'd3-shape';
import type { ReactNode } from 'react';
import type { Series } from './series.ts';

type Props = { values: readonly number[]; tone?: Series['tone'] };

const width = 96;
const height = 28;

/** How something went lately, without numbers: those stand beside it. */
export function Sparkline({ values, tone = 'accent' }: Props): ReactNode {
  if (values.length < 2) return null;
  const x = scaleLinear([0, values.length - 1], [1, width - 1]);
  const y = scaleLinear([0, Math.max(1, ...values)], [height - 1, 2]);
  const shape = line<number>(
    (_, index) => x(index),
    (value) => y(value),
  ).curve(curveMonotoneX);
  const ground = area<number>(
    (_, index) => x(index),
    height,
    (value) => y(value),
  );
  return (
    <svg
      aria-hidden="true"
      className={`chart w-24! series-${tone}`}
      viewBox={`0 0 ${width} ${height}`}
      height={height}
    >
      <path className="chart-area" d={ground.curve(curveMonotoneX)(values) ?? ''} />
      <path className="chart-line" d={shape(values) ?? ''} />
    </svg>
  );
}
