import type { ScaleLinear } from 'd3-scale';
import { area, curveMonotoneX, line } from 'd3-shape';
import type { ReactNode } from 'react';
import { type Series, totalAt } from './series.ts';

type Props = {
  series: readonly Series[];
  /** Middle of the place of one time. */
  xOf: (index: number) => number;
  y: ScaleLinear<number, number>;
  /** Width of the place of one time. */
  slot: number;
  /** The time that is pointed at. */
  at: number | undefined;
};

/** Lines with soft ground below them; a single value is a dot. */
export function AreaMarks({ series, xOf, y, at }: Props): ReactNode {
  const shape = line<number>(
    (_, index) => xOf(index),
    (value) => y(value),
  ).curve(curveMonotoneX);
  const ground = area<number>(
    (_, index) => xOf(index),
    y(0),
    (value) => y(value),
  ).curve(curveMonotoneX);
  return (
    <>
      {at !== undefined && (
        <line className="chart-cursor" x1={xOf(at)} x2={xOf(at)} y1={y.range()[1]} y2={y(0)} />
      )}
      {series.map(({ label, tone, values }) => (
        <g key={label} className={`series-${tone}`}>
          <path className="chart-area" d={ground(values) ?? ''} />
          <path className="chart-line" d={shape(values) ?? ''} />
          {values.map((value, index) =>
            index === at || values.length === 1 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a value is known by its time
              <circle key={index} className="chart-dot" cx={xOf(index)} cy={y(value)} r="3.5" />
            ) : null,
          )}
        </g>
      ))}
    </>
  );
}

const widestBar = 36;

/** One bar for each time, the series on top of each other. */
export function BarMarks({ series, xOf, y, slot, at }: Props): ReactNode {
  const width = Math.min(widestBar, Math.max(1, slot * 0.7));
  return series.map(({ label, tone, values }, layer) => (
    <g key={label} className={`series-${tone}`}>
      {values.map((value, index) => {
        const below = totalAt(series.slice(0, layer), index);
        const top = y(below + value);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a value is known by its time
            key={index}
            className="chart-bar"
            data-dim={(at !== undefined && at !== index) || undefined}
            x={xOf(index) - width / 2}
            y={top}
            width={width}
            height={Math.max(0, y(below) - top)}
            rx={Math.min(2, width / 4)}
          />
        );
      })}
    </g>
  ));
}
