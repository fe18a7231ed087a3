import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiVersionLatest, type EventType, type Mode, type schemas } from 'payos-contract';
import pg from 'pg';
import {
  cloneDatabases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from '../../../tools/harness/cluster.ts';
import type { ScopedContext } from '../core/context.ts';
import { openDatabase } from '../core/db.ts';
import { createLog } from '../core/log.ts';
import { createMetrics } from '../core/metrics.ts';
import { mutate } from '../core/mutate.ts';
import { newId, secretBytes } from '../core/random.ts';
import { Sealer } from '../core/seal.ts';
import { AddressGuard } from '../egress/index.ts';
import { createEndpoint } from './create-endpoint.ts';
import { getDelivery } from './get-delivery.ts';
import { startWebhookWorker, type WebhookWorkerOptions } from './worker.ts';

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>;

/** A database of its own with two organizations, and everything the webhook worker needs. */
export async function openWorkshop() {
  const cluster = await useCluster();
  const databases = await cloneDatabases(cluster);
  const log = createLog('silent', 'test');
  const url = (role: 'payos_app' | 'payos_read' | 'postgres') =>
    databaseUrl(cluster, role, databases.control);
  const urls = { writeUrl: url('payos_app'), readUrl: url('payos_read') };
  const db = openDatabase({ ...urls, pool: 10, name: 'test', log, indexesOnly: true });
  const admin = new pg.Client({ connectionString: url('postgres') });
  await admin.connect();
  const organization = newId('organization');
  const stranger = newId('organization');
  await admin.query(`INSERT INTO organizations (id, name) VALUES ($1, 'A'), ($2, 'B')`, [
    organization,
    stranger,
  ]);
  const tls = (name: string) => readFileSync(join(cluster.certificates, name), 'utf8');
  const sealingKey = secretBytes(32).toString('base64');
  const sealer = new Sealer(sealingKey);
  const guard = new AddressGuard(['127.0.0.0/8']);
  const ca = tls('ca.pem');
  const running: { stop(): Promise<void> }[] = [];
  const context = (mode: Mode = 'test', of = organization): ScopedContext => ({
    db,
    log,
    actor: { type: 'system', id: 'test' },
    scope: { organization: of, mode },
    requestId: undefined,
    address: undefined,
    userAgent: undefined,
    apiVersion: apiVersionLatest,
    idempotency: undefined,
  });
  return {
    db,
    admin,
    organization,
    stranger,
    sealer,
    sealingKey,
    urls,
    ca,
    certificate: { cert: tls('localhost.pem'), key: tls('localhost-key.pem') },
    context,
    endpoint: (input: schemas.CreateWebhookEndpoint, ctx = context()) =>
      createEndpoint(ctx, { sealer, guard }, input),
    emit: (type: EventType = 'customer.created', ctx = context(), note = 'Grüße 🎉') =>
      emit(ctx, type, newId('customer'), note),
    delivery: (id: string) => getDelivery(context(), id),
    work: (options: Partial<WebhookWorkerOptions> = {}) => {
      const worker = startWebhookWorker({
        ...{ db, sealer, log, metrics: createMetrics(), egressCa: ca },
        ...{ egressAllow: ['127.0.0.0/8'], retryScale: 0.001, timeoutMs: 5_000, onCardData() {} },
        ...options,
      });
      running.push(worker);
      return worker;
    },
    close: async () => {
      await Promise.all(running.map((worker) => worker.stop()));
      await admin.end();
      await db.close();
      await dropDatabases(cluster, databases);
      await releaseCluster();
    },
  };
}

/** Records a fact the way every verb does. @returns the id of the object it is about */
async function emit(ctx: ScopedContext, type: EventType, object: string, note: string) {
  return mutate(ctx, { permission: 'system', audit: () => undefined }, async (tx) => {
    tx.event({ type, object, data: { id: object, note, amount: 1999 } });
    return object;
  });
}

const longestMs = 30_000;

/** Looks until `look` finds something; throws, naming its caller, when that takes too long. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const late = new Error(`nothing was found within ${longestMs / 1000} s`);
  const end = performance.now() + longestMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw late;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
