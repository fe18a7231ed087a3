import { isId, schemas } from 'payos-contract';
import { describeError, type Log, type LogFields } from '../core/log.ts';
import type { KeyServer } from './key-server.ts';

const timeoutMs = 5_000;
/** Causes that wait to be told; what comes beyond that is in the log alone. */
const waitingMax = 100;
const countMax = 1_000_000;

/**
 * Tells the server of card numbers that were found in an answer or in the log: where, how many and
 * whose, never which. Nobody waits for it. Of the same cause what is found meanwhile is added up.
 */
export function createCardDataReports(server: Pick<KeyServer, 'ask'>, log: Log) {
  const waiting = new Map<string, schemas.ReportCardData>();
  let isWorking = false;

  async function work(): Promise<void> {
    isWorking = true;
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const [cause, report] = next;
      waiting.delete(cause);
      try {
        const { status } = await server.ask('/internal/card-data-found', report, timeoutMs);
        if (status !== 200) log('error', 'card_data_not_told', { status });
      } catch (error) {
        log('error', 'card_data_not_told', { error: describeError(error) });
      }
    }
    isWorking = false;
  }

  /** @param fields of the line `card_data_found` */
  return (fields: LogFields): void => {
    const report = toReport(fields);
    const { request: _last, count: _count, ...about } = report;
    const cause = JSON.stringify(about);
    const before = waiting.get(cause);
    if (before === undefined && waiting.size >= waitingMax) return;
    const count = Math.min(report.count + (before?.count ?? 0), countMax);
    waiting.set(cause, { ...report, count });
    if (!isWorking) void work();
  };
}

function toReport(fields: LogFields): schemas.ReportCardData {
  const { detail, route, count = 1, request_id: request, organization, mode, actor } = fields;
  const isWhose = organization !== undefined && (mode === 'test' || mode === 'live');
  return {
    stream: detail === 'answer' ? 'answer' : 'log',
    place: (route ?? 'vault').slice(0, schemas.placeMax),
    count,
    ...(request !== undefined && isId('request', request) && { request }),
    ...(isWhose && { organization, mode }),
    ...(isWhose && actor !== undefined && { key: actor.slice(0, 60) }),
  };
}
