export { BarList } from './bar-list.tsx';
export type { Series, TimeData } from './series.ts';
export { Sparkline } from './sparkline.tsx';
export { TimeChart } from './time-chart.tsx';
