import { Gauge, Histogram } from '@prometheus-io/client';
import type { Metrics } from '../../core/metrics.ts';

type Look = {
  /** Seconds since all changes were known. */
  age: () => number;
  isTrusted: () => boolean;
  remembered: () => number;
  nodes: () => number;
};

/** What operators see of keys in memory. */
export function feedMetrics({ registry }: Metrics, look: Look) {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('payos_key_feed_age_seconds', 'Since all changes of keys were known', look.age);
  gauge('payos_keys_memory_trusted', 'Whether keys in memory count: 1 or 0', () =>
    look.isTrusted() ? 1 : 0,
  );
  gauge('payos_keys_remembered', 'Keys in memory', look.remembered);
  gauge('payos_key_nodes', 'Processes that remember keys, as the database knows them', look.nodes);
  return {
    changeSeconds: new Histogram({
      name: 'payos_key_change_seconds',
      help: 'From the change of a key to when this process knew it',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
      registers: [registry],
    }),
  };
}
