import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react';
import { Skeleton } from '../waiting.tsx';
import type { TimeChart as Chart } from './time-chart.tsx';

const Drawn = lazy(async () => ({ default: (await import('./time-chart.tsx')).TimeChart }));
const DrawnSparkline = lazy(async () => ({ default: (await import('./sparkline.tsx')).Sparkline }));

/** {@link Chart}, whose drawing is loaded after the page: its place is kept meanwhile. */
export function TimeChart(props: ComponentProps<typeof Chart>): ReactNode {
  const height = (props.height ?? 180) + 60;
  return (
    <Suspense fallback={<Skeleton height={`${height}px`} />}>
      <Drawn {...props} />
    </Suspense>
  );
}

type SparklineProps = ComponentProps<typeof DrawnSparkline>;

/** How something went lately, without numbers: those stand beside it. */
export function Sparkline(props: SparklineProps): ReactNode {
  return (
    <Suspense fallback={<Skeleton width="6rem" height="28px" />}>
      <DrawnSparkline {...props} />
    </Suspense>
  );
}
