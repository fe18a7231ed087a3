import { databaseUrl } from '../../../tools/harness/cluster.ts';
import { compare, type Side } from '../compare.ts';
import { type Comparison, row } from '../comparison.ts';
import type { BareReads } from '../roles/bare-reads.ts';
import type { Keyless } from '../roles/keyless.ts';
import type { LoadRequest, Slice } from '../roles/load.ts';
import { loadOf, makeTokens, paymentOf, type Stage } from '../stage.ts';

/** Authenticated reads of a payment, beside the same route without what protects it. */
export async function benchReads(stage: Stage): Promise<Comparison> {
  const { plan, payos } = stage;
  const requests = await paymentsToRead(stage);
  const common = {
    ...stage.tls,
    databaseUrl: databaseUrl(payos.cluster, 'payos_read', payos.databases.control),
    connections: plan.connections,
  };
  const [bare, keyless] = await Promise.all([stage.start('bare-reads'), stage.start('keyless')]);
  const ports = await Promise.all([
    bare.ask<number>('open', { ...common, transactions: stage.recorded.read } satisfies BareReads),
    keyless.ask<number>('open', {
      ...common,
      organization: stage.organization,
      mode: 'test',
    } satisfies Keyless),
  ]);
  const all = [payos.ports.api, ...ports];
  await compareAnswers(stage, all, requests[0]?.path ?? '');
  const measured = await compare(stage, {
    bare: reading(stage, ports[0], requests, { 'bare server': { pid: bare.pid } }),
    ours: reading(stage, payos.ports.api, requests, {}),
    keyless: reading(stage, ports[1], requests, { 'server without keys': { pid: keyless.pid } }),
  });
  await Promise.all([bare.stop(), keyless.stop()]);
  return {
    name: 'authenticated reads',
    ours: measured.ours,
    limits: [
      row('bare Fastify, the same SQL and schema', measured.ours, measured.bare, 0.8),
      row('our server with authentication taken out', measured.ours, measured.keyless),
    ],
  };
}

async function paymentsToRead(stage: Stage): Promise<LoadRequest[]> {
  const tokens = await makeTokens(stage, stage.plan.paymentsToRead);
  const requests = tokens.map((token) => ({ path: '/v1/payments', body: paymentOf(token) }));
  const target = { port: stage.payos.ports.api, method: 'POST', expect: 201 } as const;
  const more = { repeat: false, keyed: true, collect: true };
  const slice = await stage.load.ask<Slice>('run', loadOf(stage, target, requests, more));
  if (slice.errors > 0) throw new Error(`payments to read: ${slice.complaint}`);
  stage.answered.payments += slice.done;
  return slice.ids.map((id) => ({ path: `/v1/payments/${id}` }));
}

/** A limit that answers something else would be the limit of something else. */
async function compareAnswers(stage: Stage, ports: number[], path: string): Promise<void> {
  const load = { method: 'GET', expect: 200 } as const;
  const texts = await Promise.all(
    ports.map((port) =>
      stage.load.ask<string>('text', loadOf(stage, { port, ...load }, [{ path }])),
    ),
  );
  if (new Set(texts).size > 1) throw new Error(`the answers differ: ${texts.join('\n')}`);
}

function reading(
  stage: Stage,
  port: number,
  requests: LoadRequest[],
  more: Record<string, { pid: number }>,
): Side {
  const target = { port, method: 'GET', expect: 200 } as const;
  return {
    watch: { ...stage.watch, load: { pid: stage.load.pid }, ...more },
    work: (durationMs) =>
      stage.load.ask<Slice>('run', loadOf(stage, target, requests, { durationMs })),
  };
}
