import { scaleLinear } from 'd3-scale';
import { type ReactNode, useState } from 'react';
import { AreaMarks, BarMarks } from './marks.tsx';
import { type Series, type TimeData, totalAt } from './series.ts';
import { TimeTable } from './time-table.tsx';
import { useWidth } from './use-width.ts';

type Props = TimeData & {
  /** What is shown, e.g. "Volume by day". */
  title: string;
  /** Areas over each other's ground line, or bars on top of each other. */
  look?: 'areas' | 'bars';
  height?: number;
  /** A value as people read it, e.g. `€12,300`. */
  formatValue: (value: number) => string;
  /** A shorter way for the axis. Default: `formatValue`. */
  formatTick?: (value: number) => string;
  formatTime: (time: string) => string;
};

const foot = 20;
const head = 8;

/**
 * Values over time, as a picture for eyes and as a table for everybody. The pointer shows the
 * values of one time.
 */
export function TimeChart(props: Props): ReactNode {
  const { title, times, series, look = 'areas', height = 180, formatValue, formatTime } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number>();
  const shown = at === undefined || at >= times.length ? undefined : at;
  return (
    <figure className="grid min-w-0 gap-2">
      <figcaption className="flex min-h-5 flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="sr-only">{title}</span>
        <Legend series={series} />
        <span className="quiet number" aria-hidden="true">
          {shown !== undefined && (
            <Reading
              {...{ series, formatValue }}
              index={shown}
              time={formatTime(times[shown] ?? '')}
            />
          )}
        </span>
      </figcaption>
      <div ref={ref} className="min-w-0" style={{ height }}>
        {width > 0 && times.length > 0 && (
          <Picture
            {...props}
            look={look}
            height={height}
            width={width}
            at={shown}
            onPoint={setAt}
          />
        )}
      </div>
      <TimeTable {...{ title, times, series, formatValue, formatTime }} />
    </figure>
  );
}

function Legend({ series }: { series: readonly Series[] }): ReactNode {
  if (series.length < 2) return <span />;
  return (
    <span className="flex flex-wrap gap-x-3" aria-hidden="true">
      {series.map(({ label, tone }) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <span className={`chart-key series-${tone}`} />
          {label}
        </span>
      ))}
    </span>
  );
}

type ReadingProps = Pick<Props, 'series' | 'formatValue'> & { index: number; time: string };

function Reading({ series, index, time, formatValue }: ReadingProps): ReactNode {
  const values = series.map(({ label, values: all }) => {
    const value = formatValue(all[index] ?? 0);
    return series.length === 1 ? value : `${label} ${value}`;
  });
  return (
    <>
      {time} · <span className="text-ink">{values.join(', ')}</span>
    </>
  );
}

type PictureProps = Props & {
  look: 'areas' | 'bars';
  width: number;
  height: number;
  at: number | undefined;
  onPoint: (index: number | undefined) => void;
};

function Picture(props: PictureProps): ReactNode {
  const { times, series, look, width, height, at, onPoint, formatTime } = props;
  const formatTick = props.formatTick ?? props.formatValue;
  const totals = times.map((_, index) => totalAt(series, index));
  const highest = Math.max(1, ...(look === 'bars' ? totals : series.flatMap((one) => one.values)));
  const y = scaleLinear([0, highest], [height - foot, head]).nice(3);
  // Counts and minor units: there is nothing between two of them.
  const ticks = y.ticks(3).filter(Number.isInteger);
  const longest = Math.max(...ticks.map((tick) => formatTick(tick).length));
  const left = Math.min(width / 3, longest * 6.2 + 10);
  const slot = (width - left) / times.length;
  const xOf = (index: number) => left + slot * (index + 0.5);
  const point = (event: React.PointerEvent<SVGSVGElement>) => {
    const inside = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    const index = Math.floor(inside / slot);
    onPoint(index < 0 ? undefined : Math.min(times.length - 1, index));
  };
  const Marks = look === 'bars' ? BarMarks : AreaMarks;
  return (
    <svg
      aria-hidden="true"
      className="chart"
      width={width}
      height={height}
      onPointerMove={point}
      onPointerLeave={() => onPoint(undefined)}
    >
      {ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line className="chart-grid" x1={left} x2={width} />
          <text x={left - 8} dy="0.32em" textAnchor="end">
            {formatTick(tick)}
          </text>
        </g>
      ))}
      <Marks series={series} xOf={xOf} y={y} slot={slot} at={at} />
      <TimeTicks {...{ times, xOf, formatTime, width, height, slot }} />
    </svg>
  );
}

type TicksProps = Pick<Props, 'times' | 'formatTime'> & {
  xOf: (index: number) => number;
  width: number;
  height: number;
  slot: number;
};

/** As many times as have room, the first and the last among them. */
function TimeTicks({ times, xOf, formatTime, width, height, slot }: TicksProps): ReactNode {
  const room = Math.max(2, Math.floor(width / 96));
  const step = Math.max(1, Math.ceil((times.length - 1) / (room - 1)));
  const last = times.length - 1;
  const chosen = times.flatMap((_, index) =>
    index % step === 0 && (index === last || last - index >= step / 2) ? [index] : [],
  );
  if (chosen.at(-1) !== last) chosen.push(last);
  return chosen.map((index) => {
    const anchor = index === last && last > 0 ? 'end' : index === 0 ? 'start' : 'middle';
    const shift = anchor === 'end' ? slot / 2 : anchor === 'start' ? -slot / 2 : 0;
    return (
      <text key={index} x={xOf(index) + shift} y={height - 4} textAnchor={anchor}>
        {formatTime(times[index] ?? '')}
      </text>
    );
  });
}
