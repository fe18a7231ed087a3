import { removeCardNumbers } from 'payos-contract';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/**
 * Everything a line of the log may say. An allow-list: what has no member here cannot be logged,
 * so bodies, card data and keys have no way in (PCI DSS 3.3.1, 3.5.1).
 */
export type LogFields = {
  request_id?: string;
  route?: string;
  status?: number;
  duration_ms?: number;
  organization?: string;
  mode?: string;
  actor?: string;
  token?: string;
  attempt?: string;
  outcome?: string;
  detail?: string;
  code?: string;
  address?: string;
  host?: string;
  port?: number;
  count?: number;
  seconds?: number;
  error?: string;
};

/** The line that says that a card number was found; whoever listens is told of each. */
const cardDataFound = 'card_data_found';
export type OnCardData = (listener: (fields: LogFields) => void) => void;

export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/**
 * Writes JSON lines. Lines of one turn of the event loop leave in one write; `flush` before the
 * process ends.
 *
 * @param least less severe lines are dropped
 * @param write takes finished text, e.g. `process.stdout.write`
 * @param clock milliseconds since 1970
 */
export function createLog(
  least: LogLevel,
  write: (text: string) => void,
  clock: () => number,
): { log: Log; flush: () => void; onCardData: OnCardData } {
  const threshold = levels.indexOf(least);
  let waiting = '';
  let tell: (fields: LogFields) => void = () => {};
  const flush = () => {
    const text = waiting;
    waiting = '';
    if (text !== '') write(text);
  };
  const add = (level: LogLevel, event: string, fields: LogFields): number => {
    if (waiting === '') setImmediate(flush);
    const time = new Date(clock()).toISOString();
    const { text, found } = removeCardNumbers(JSON.stringify({ time, level, event, ...fields }));
    waiting += `${maskCards(text)}\n`;
    return found;
  };
  const log: Log = (level, event, fields = {}) => {
    if (levels.indexOf(level) < threshold) return;
    const count = add(level, event, fields);
    if (event === cardDataFound) tell(fields);
    if (count > 0) log('error', cardDataFound, { outcome: 'removed', detail: 'log', count });
  };
  const onCardData: OnCardData = (listener) => {
    tell = listener;
  };
  return { log, flush, onCardData };
}

/**
 * Behind the scanner, which alerts: what only looks like a card number is masked, too, should one
 * ever get into a field that ought to hold something else.
 */
export function maskCards(line: string): string {
  return line.replace(/(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])/g, '[card number removed]');
}

/**
 * What may be said of an unexpected error: its name, its code and where it happened. Messages are
 * left out, because libraries put the values they choke on into them.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name}${code} ${frames.slice(0, 4).join(' ').replace(/\s+/g, ' ').trim()}`;
}
