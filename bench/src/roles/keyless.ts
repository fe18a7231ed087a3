import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Mode } from 'payos-contract';
import { openDatabase } from '../../../server/src/core/db.ts';
import { buildApp } from '../../../server/src/core/http/app.ts';
import type { Identity } from '../../../server/src/core/http/identity.ts';
import { createLog } from '../../../server/src/core/log.ts';
import { createMetrics } from '../../../server/src/core/metrics.ts';
import { Sealer } from '../../../server/src/core/seal.ts';
import { type PaymentDependencies, paymentRoutes } from '../../../server/src/payments/index.ts';

export type Keyless = {
  certFile: string;
  keyFile: string;
  databaseUrl: string;
  connections: number;
  organization: string;
  mode: Mode;
};

export const commands = { open };

/**
 * PayOS's own server without authentication: whoever asks is the same key, which nobody checked
 * and no rate limit counts. For the benchmark alone; it serves reads.
 */
async function open(options: Keyless): Promise<number> {
  const log = createLog('info', 'server');
  const identity: Identity = {
    actor: { type: 'api_key', id: 'key', permissions: new Set() },
    scope: { organization: options.organization, mode: options.mode },
    apiVersion: undefined,
    rate: undefined,
  };
  const app = buildApp({
    surface: 'public',
    // Reads use none of what payments depend on.
    routes: paymentRoutes({} as PaymentDependencies).filter(({ method }) => method === 'GET'),
    authenticate: () => identity,
    db: openDatabase({
      writeUrl: options.databaseUrl,
      readUrl: options.databaseUrl,
      pool: options.connections,
      name: 'payos-bench',
      indexesOnly: false,
      log,
    }),
    sealer: new Sealer(Buffer.alloc(32).toString('base64')),
    log,
    metrics: createMetrics(),
    leaseMs: 1_000,
    tls: { cert: readFileSync(options.certFile), key: readFileSync(options.keyFile) },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}
