export { BarList } from './bar-list.tsx';
export { Sparkline, TimeChart } from './lazy.tsx';
export type { Series, TimeData } from './series.ts';
