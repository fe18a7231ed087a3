import type { Child } from '../child.ts';
import { compare, type Side } from '../compare.ts';
import { type Comparison, row } from '../comparison.ts';
import type { BareVault } from '../roles/bare-vault.ts';
import type { Slice } from '../roles/load.ts';
import { card, loadOf, type Stage } from '../stage.ts';

/** Tokenizations, beside a bare HTTPS server that does what cannot be left out. */
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
    ours: tokenizing(stage, stage.payos.ports.vault, {}),
  });
  stage.answered.tokens += measured.ours.done;
  await bare.stop();
  return {
    name: 'tokenizations',
    ours: measured.ours,
    limits: [row('bare node:https, the same SQL', measured.ours, measured.limit, 0.7)],
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
