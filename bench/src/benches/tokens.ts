import type { Child } from '../child.ts';
import { compare, type Side } from '../compare.ts';
import { type Comparison, row } from '../comparison.ts';
import type { BareVault, SealingSql } from '../roles/bare-vault.ts';
import type { Slice } from '../roles/load.ts';
import { card, loadOf, type Stage } from '../stage.ts';

/**
 * Tokenizations, beside a bare HTTPS server that does what cannot be left out, and beside its SQL
 * and its cryptography alone.
 */
export async function benchTokens(stage: Stage): Promise<Comparison> {
  const { plan } = stage;
  const bare = await stage.start('bare-vault');
  const port = await bare.ask<number>('open', {
    ...stage.tls,
    databaseUrl: stage.limitUrls.vault,
    connections: plan.connections,
    transactions: stage.recorded.token,
  } satisfies BareVault);
  const measured = await compare(stage, {
    limit: tokenizing(stage, port, { 'bare server': bare }),
    sealing: sealing(stage, bare),
    ours: tokenizing(stage, stage.payos.ports.vault, {}),
  });
  stage.answered.tokens += measured.ours.done;
  await bare.stop();
  return {
    name: 'tokenizations',
    ours: measured.ours,
    limits: [
      row('bare node:https, the same SQL', measured.ours, measured.limit, 0.7),
      row('SQL, one AES-GCM, one HMAC, bare', measured.ours, measured.sealing),
    ],
  };
}

function sealing(stage: Stage, bare: Child): Side {
  const { connections, concurrency } = stage.plan;
  const { vault: databaseUrl } = stage.limitUrls;
  const transactions = stage.recorded.token;
  const what = { databaseUrl, connections, concurrency, transactions };
  return {
    watch: { ...stage.watch, 'bare client': { pid: bare.pid } },
    work: (durationMs) => bare.ask<Slice>('seal', { ...what, durationMs } satisfies SealingSql),
  };
}

function tokenizing(stage: Stage, port: number, more: Record<string, Child>): Side {
  const requests = [{ path: '/v1/tokens', body: card }];
  const target = { port, method: 'POST', expect: 201 } as const;
  const further = Object.entries(more).map(([name, { pid }]) => [name, { pid }]);
  return {
    watch: { ...stage.watch, load: { pid: stage.load.pid }, ...Object.fromEntries(further) },
    work: (durationMs) =>
      stage.load.ask<Slice>('run', loadOf(stage, target, requests, { durationMs })),
  };
}
