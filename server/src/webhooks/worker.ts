import { run, statement } from '../core/db.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { fanOut } from './fan-out.ts';
import { Poller } from './poller.ts';

export type WebhookWorkerOptions = DispatcherOptions;

export type WebhookWorker = {
  /** Finishes what is under way (at most `timeoutMs`) and gives the rest back at once. */
  stop(): Promise<void>;
};

const countWaiting = statement(
  'webhooks.waiting',
  `SELECT (SELECT count(*) FROM webhook_queue) AS fresh,
     (SELECT count(*) FROM webhook_retries) AS retry`,
);

/**
 * Brings events to webhook endpoints. Any number may run at once, in any number of processes; one
 * that is killed loses nothing, and what it had under way is sent again when its leases end.
 */
export function startWebhookWorker(options: WebhookWorkerOptions): WebhookWorker {
  const { db, log, metrics } = options;
  const dispatcher = new Dispatcher(options);
  const poll = (name: string, busyMs: number, idleMs: number, work: () => Promise<boolean>) =>
    new Poller({ name, busyMs, idleMs, work, log });
  const fresh = poll('first attempts', 2, 250, () => dispatcher.claimFrom('fresh'));
  const retries = poll('retries', 20, 250, () => dispatcher.claimFrom('retry'));
  const fanning = poll('fan-out', 50, 250, async () => {
    const { events, deliveries } = await fanOut(db);
    if (deliveries > 0) fresh.nudge();
    return events > 0;
  });
  const counting = poll('counting', 10_000, 10_000, async () => {
    const [waiting] = await run<{ fresh: number; retry: number }>(db.write, countWaiting);
    metrics.outboxWaiting.set({ queue: 'fresh' }, waiting?.fresh ?? 0);
    metrics.outboxWaiting.set({ queue: 'retry' }, waiting?.retry ?? 0);
    return true;
  });
  return {
    stop: async () => {
      await Promise.all([fanning, fresh, retries, counting].map((poller) => poller.stop()));
      await dispatcher.stop();
    },
  };
}
