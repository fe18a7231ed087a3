import { removeCardNumbers } from 'payos-contract';
import pino, { type Logger } from 'pino';

export type Log = Logger;

/**
 * JSON lines on stdout. Call sites name each field they log; there is no "log the object", so a
 * secret can only be logged by somebody who writes it down.
 */
export function createLog(level: string, name: string, onCardData: OnCardData = () => {}): Log {
  const options = {
    level,
    base: { process: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  const log: Log = pino(
    options,
    bufferedOutput((count) => {
      onCardData('log', count);
      log.error({ stream: 'log', count }, 'card data was found and removed');
    }),
  );
  return log;
}

/** Told where what is most likely a card number was found and removed, and how many. */
type OnCardData = (stream: 'log' | 'answer', count: number) => void;

const flushEveryMs = 100;
const bufferMax = 16 * 1024;

/**
 * Lines leave together: one by one they cost a tenth of the server's time. A process that is
 * killed loses at most the last tenth of a second of its log; nothing that counts is only there.
 */
function bufferedOutput(onFound: (count: number) => void): { write(line: string): void } {
  let waiting = '';
  const flush = () => {
    if (waiting === '') return;
    const { text, found } = removeCardNumbers(waiting);
    waiting = '';
    process.stdout.write(text);
    if (found > 0) onFound(found);
  };
  // A full disk must not stop payments: what cannot be written is lost.
  process.stdout.on('error', () => {});
  setInterval(flush, flushEveryMs).unref();
  process.on('exit', flush);
  return {
    write: (line) => {
      waiting += line;
      if (waiting.length > bufferMax) flush();
    },
  };
}

/** Message, code and stack; never the properties that libraries hang on errors (PG `detail`). */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'a non-error was thrown' };
  const code = 'code' in error ? String(error.code) : undefined;
  return { type: error.name, message: error.message, code, stack: error.stack };
}
