import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { releaseCluster, useCluster } from '../../tools/harness/cluster.ts';
import { ApiError } from '../src/core/errors.ts';
import { buildApp } from '../src/core/http/app.ts';
import { createLog } from '../src/core/log.ts';
import { createMetrics } from '../src/core/metrics.ts';

/** The server's own HTTPS front with only what `serve` puts behind it. */
export async function servePages(serve: (app: FastifyInstance) => void) {
  const { certificates } = await useCluster();
  const read = (name: string) => readFileSync(join(certificates, name), 'utf8');
  const nothing = undefined as never;
  const app = buildApp({
    surface: 'public',
    routes: [],
    authenticate: () => {
      throw new ApiError('missing_api_key');
    },
    db: nothing,
    sealer: nothing,
    log: createLog('error', 'reference'),
    metrics: createMetrics(),
    leaseMs: 1,
    tls: { cert: read('localhost.pem'), key: read('localhost-key.pem') },
  });
  serve(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `https://localhost:${(app.server.address() as AddressInfo).port}`;
  const stop = async () => {
    await app.close();
    await releaseCluster();
  };
  return { origin, ca: read('ca.pem'), stop };
}
