import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

type Options = {
  name: string;
  log: Log;
  metrics: Metrics;
  everyMs: number;
  job: () => Promise<unknown>;
};

/**
 * Runs a job again and again, never twice at once, with `everyMs` between the end of one run and
 * the start of the next. A failing run is logged and does not end the series.
 */
export function repeat({ name, log, metrics, everyMs, job }: Options): { stop(): Promise<void> } {
  let wake: (() => void) | undefined;
  let stopped = false;
  const series = (async () => {
    while (!stopped) {
      await job().catch((error: unknown) => {
        metrics.jobFailures.inc({ job: name });
        log.error({ err: error, job: name }, 'a job failed');
      });
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await series;
    },
  };
}
