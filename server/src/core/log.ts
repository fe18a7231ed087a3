import pino, { type Logger } from 'pino';

export type Log = Logger;

/**
 * JSON lines on stdout. Call sites name each field they log; there is no "log the object", so a
 * secret can only be logged by somebody who writes it down.
 */
export function createLog(level: string, name: string): Log {
  return pino({
    level,
    base: { process: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  });
}

/** Message, code and stack; never the properties that libraries hang on errors (PG `detail`). */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'a non-error was thrown' };
  const code = 'code' in error ? String(error.code) : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack };
}
