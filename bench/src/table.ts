import type { Measured } from './compare.ts';
import type { Comparison } from './comparison.ts';
import type { Report } from './run-bench.ts';

/** The report as text for a terminal. */
export function tableOf({ comparisons, accounts, memory }: Report): string {
  const head = ['', 'per second', 'p50 ms', 'p99 ms', 'ratio', 'aim', ''];
  const speed = [head, ...comparisons.flatMap(rowsOf)];
  const cpu = comparisons.flatMap(cpuRowsOf);
  const sizes = Object.entries(memory).map(([name, mib]) => [name, mib.toFixed(0)]);
  const counts = accounts.map(({ what, expected, found }) => [what, `${expected}`, `${found}`]);
  return [
    ...aligned(speed),
    '',
    ...aligned([['CPU ms for one', ''], ...cpu]),
    '',
    ...aligned([['memory, MiB', ''], ...sizes]),
    '',
    ...aligned([['accounted for', 'answered', 'found'], ...counts]),
  ].join('\n');
}

function rowsOf({ name, ours, limits }: Comparison): string[][] {
  return [
    [name, ...speedOf(ours), '', '', errorsOf(ours)],
    ...limits.map((limit) => {
      const { ratio, aim, measured } = limit;
      const wanted = aim === undefined ? '' : `${aim * 100} %`;
      const reached = aim === undefined ? '' : ratio >= aim ? 'reached' : 'missed';
      const rest = [percent(ratio), wanted, `${reached}${errorsOf(measured)}`];
      return [`  ${limit.name}`, ...speedOf(measured), ...rest];
    }),
  ];
}

function speedOf({ perSecond, p50, p99 }: Measured): string[] {
  return [perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1)];
}

function errorsOf({ errors }: Measured): string {
  return errors === 0 ? '' : ` ${errors} ERRORS`;
}

function cpuRowsOf({ name, ours, limits }: Comparison): string[][] {
  const sides = [
    { name, measured: ours },
    ...limits.map((limit) => ({ ...limit, name: `  ${limit.name}` })),
  ];
  return sides.map(({ name: side, measured }) => [side, shares(measured)]);
}

/** Processes with a share worth mentioning, the largest first. */
function shares({ cpuMsEach }: Measured): string {
  return Object.entries(cpuMsEach)
    .filter(([, ms]) => ms >= 0.005)
    .sort(([, a], [, b]) => b - a)
    .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
    .join(', ');
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`;
}

/** The first column and the last to the left, numbers to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? '').length)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths?.[column] ?? 0;
        const toLeft = column === 0 || cells.length === 2;
        return toLeft ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
