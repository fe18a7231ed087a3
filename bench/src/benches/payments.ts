import { type Comparison, row } from '../comparison.ts';
import { compare, type Side } from '../compare.ts';
import type { Slice } from '../roles/load.ts';
import type { SqlLoad } from '../roles/sql.ts';
import { loadOf, makeTokens, paymentOf, type Stage } from '../stage.ts';

/** Payments by token, beside the SQL that the server needs for them. */
export async function benchPayments(stage: Stage): Promise<Comparison> {
  const sql = await stage.start('sql');
  const { plan, recorded } = stage;
  const replay = (durationMs: number) =>
    sql.ask<Slice>('run', {
      url: stage.limitUrls.control,
      connections: plan.connections,
      transactions: recorded.payment,
      durationMs,
    } satisfies SqlLoad);
  const watch = { ...stage.watch, 'SQL client': { pid: sql.pid } };
  const sides = { limit: { work: replay, watch }, ours: paying(stage) };
  const measured = await compare(plan, sides);
  stage.answered.payments += measured.ours.done;
  await sql.stop();
  return {
    name: 'payments by token',
    ours: measured.ours,
    limits: [row('the SQL they need, bare pg client', measured.ours, measured.limit, 0.5)],
    replayed: measured.limit.done,
  };
}

function paying(stage: Stage): Side {
  let tokens: string[] = [];
  let wanted = stage.plan.tokensAtFirst;
  const target = { port: stage.payos.ports.api, method: 'POST', expect: 201 } as const;
  return {
    watch: { ...stage.watch, load: { pid: stage.load.pid } },
    // Before the measured time, and always more than can be used in it.
    prepare: async () => {
      if (tokens.length >= wanted) return;
      tokens.push(...(await makeTokens(stage, wanted - tokens.length)));
    },
    work: async (durationMs) => {
      const requests = tokens.map((token) => ({ path: '/v1/payments', body: paymentOf(token) }));
      const load = loadOf(stage, target, requests, { repeat: false, keyed: true, durationMs });
      const slice = await stage.load.ask<Slice>('run', load);
      const begun = slice.done + slice.errors;
      tokens = tokens.slice(begun);
      wanted = Math.min(stage.plan.tokensAtFirst, Math.ceil(begun * 1.5) + 50);
      return slice;
    },
  };
}
