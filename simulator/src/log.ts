const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** Reads a level; what is not one means `info`. */
export function levelOf(text: string): Level {
  return levels.find((level) => level === text) ?? 'info';
}

/** Values of a log line. Only what the caller names: never a body, a header or a URL. */
type Facts = Record<string, string | number | boolean>;

export type Log = (level: Level, message: string, facts?: Facts) => void;

/**
 * A log of JSON lines on standard output.
 *
 * @param least the least severe level that is written, e.g. `info`
 * @param clock gives the time of a line as RFC 3339
 */
export function createLog(least: Level, clock: () => string): Log {
  const threshold = levels.indexOf(least);
  return (level, message, facts = {}) => {
    if (levels.indexOf(level) < threshold) return;
    const line = { level, time: clock(), process: 'simulator', message, ...facts };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
