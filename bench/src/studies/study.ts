import { join } from 'node:path';
import type { Cluster, RunningCluster } from '../../../tools/harness/cluster.ts';
import { startDatabaseProxy } from '../../../tools/harness/database-proxy.ts';
import { startFurtherServer } from '../../../tools/harness/further-server.ts';
import { type Installation, startInstallation } from '../../../tools/harness/installation.ts';
import { Child } from '../child.ts';
import type { Plan } from '../plan.ts';
import type { Load } from '../roles/load.ts';
import { percentile } from '../statistics.ts';

/** What a study found out: rows for people, and what must not have happened. */
export type Study = {
  name: string;
  rows: [what: string, figure: string][];
  figures: Record<string, number>;
  complaints: string[];
};

export type StudyOf = (running: RunningCluster, plan: Plan) => Promise<Study>;

/** An installation with several servers, the last of which can be cut off from the database. */
export async function openServers(cluster: Cluster, settings: Record<string, string> = {}) {
  const payos = await startInstallation({
    cluster,
    settings: { PAYOS_RATE_LIMIT: '1000000', ...settings },
  });
  const { PAYOS_DB_APP_URL: write = '', PAYOS_DB_READ_URL: read = '' } =
    payos.processes.server.environment;
  const proxy = await startDatabaseProxy(write);
  const [second, third] = await Promise.all([
    startFurtherServer(payos),
    startFurtherServer(payos, {
      PAYOS_DB_APP_URL: proxy.through(write),
      PAYOS_DB_READ_URL: proxy.through(read),
    }),
  ]);
  const first = { ...payos, process: payos.processes.server };
  const organization = await payos.operator.createOrganization('Study');
  const stop = async () => {
    proxy.mend();
    await Promise.all([second.process.stop(), third.process.stop()]);
    await proxy.stop();
    await payos.stop();
  };
  return { payos, servers: [first, second, third] as const, proxy, organization, stop };
}

export type Servers = Awaited<ReturnType<typeof openServers>>;

/** Requests of one kind again and again, by a process of its own. */
export async function startLoad(payos: Installation, name: string, role: 'load' | 'wire' = 'load') {
  const child = await Child.start(role, join(payos.directory, `study-${name}.log`));
  return child;
}

export function readingLoad(
  payos: Installation,
  port: number,
  key: string,
  more: Partial<Load>,
): Load {
  return {
    origin: `https://localhost:${port}`,
    ca: payos.ca,
    method: 'GET',
    headers: { authorization: `Bearer ${key}` },
    requests: [{ path: '/v1/customers?limit=1' }],
    repeat: true,
    keyed: false,
    concurrency: 8,
    durationMs: 60_000,
    expect: 200,
    collect: false,
    ...more,
  };
}

/** Does `work` for each item, `width` at a time. */
export async function inLanes<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as T, at);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Median, 99th percentile and maximum as text, in milliseconds. */
export function spreadOf(milliseconds: readonly number[]): string {
  const show = (percent: number) => percentile(milliseconds, percent).toFixed(1);
  return `p50 ${show(50)} ms, p99 ${show(99)} ms, max ${show(100)} ms`;
}
