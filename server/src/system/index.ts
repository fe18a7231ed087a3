import type { FastifyInstance } from 'fastify';
import { clock } from '../core/clock.ts';
import type { Database } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Metrics } from '../core/metrics.ts';
import { Ranges } from '../core/network.ts';

type HealthOptions = {
  db: Database;
  metrics: Metrics;
  /** CIDR ranges that may read the metrics. */
  metricsAllow: readonly string[];
  /** What else is wrong, as a sentence; undefined: nothing. */
  complaint?: () => string | undefined;
  /** What stops only part of the work, in a few words. */
  remark?: () => string | undefined;
};

const readyTimeoutMs = 2_000;
/** Anybody may ask whether we are ready; the database is asked no more often than this. */
const readyTrustedMs = 250;

/** Shares one answer among all who ask within `ms`. */
function atMostEvery<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { askedMs: number; answer: Promise<T> } | undefined;
  return () => {
    const now = clock.monotonicMs();
    if (last === undefined || now - last.askedMs > ms) last = { askedMs: now, answer: ask() };
    return last.answer;
  };
}

/** What operators and load balancers ask: no key, nothing about merchants. */
export function serveHealth(app: FastifyInstance, options: HealthOptions): void {
  const { db, metrics } = options;
  const allowed = new Ranges(options.metricsAllow);
  const database = atMostEvery(readyTrustedMs, () =>
    db.write.query('SELECT 1').catch(() => {
      throw new ApiError('unavailable', { detail: 'The database is not reachable.' });
    }),
  );
  app.get('/livez', { exposeHeadRoute: false }, async () => ({ status: 'ok' }));
  app.get('/readyz', { exposeHeadRoute: false }, async () => {
    const detail = options.complaint?.();
    if (detail !== undefined) throw new ApiError('unavailable', { detail });
    const timeout = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new ApiError('unavailable')), readyTimeoutMs).unref();
    });
    await Promise.race([database(), timeout]);
    const remark = options.remark?.();
    return { status: 'ok', ...(remark === undefined ? {} : { detail: remark }) };
  });
  app.get('/metrics', { exposeHeadRoute: false }, async (request, reply) => {
    if (!allowed.include(request.ip)) throw new ApiError('metrics_refused');
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
