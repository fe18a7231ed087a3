import type { Child } from '../child.ts';
import { compare, type Side } from '../compare.ts';
import { type Comparison, row } from '../comparison.ts';
import type { LoadRequest, Slice } from '../roles/load.ts';
import type { SqlLoad, SqlRows } from '../roles/sql.ts';
import { loadOf, makeTokens, paymentOf, type Stage } from '../stage.ts';

/** Payments by token, beside the SQL that they need: the server's, and with the vault's. */
export async function benchPayments(stage: Stage): Promise<Comparison> {
  const sql = await stage.start('sql');
  const measured = await compare(stage, {
    limit: replaying(stage, sql),
    ours: paying(stage),
    all: replayingAll(stage, sql),
  });
  stage.answered.payments += measured.ours.done;
  await sql.stop();
  const { ours, limit, all } = measured;
  return {
    name: 'payments by token',
    ours,
    limits: [
      row("the server's SQL, bare pg client", ours, limit),
      row("the server's and the vault's SQL", ours, all, 0.5),
    ],
    replayed: limit.done + all.done,
  };
}

function paying(stage: Stage): Side {
  const supply = new Supply(stage.plan.tokensAtFirst, (count) => makeTokens(stage, count));
  const target = { port: stage.payos.ports.api, method: 'POST', expect: 201 } as const;
  return {
    watch: { ...stage.watch, load: { pid: stage.load.pid } },
    prepare: () => supply.fill(),
    work: async (durationMs) => {
      const requests = supply.left.map((token): LoadRequest => {
        return { path: '/v1/payments', body: paymentOf(token) };
      });
      const load = loadOf(stage, target, requests, { repeat: false, keyed: true, durationMs });
      const slice = await stage.load.ask<Slice>('run', load);
      supply.used(slice.done + slice.errors);
      return slice;
    },
  };
}

/** The two transactions of a payment. */
function replaying(stage: Stage, sql: Child): Side {
  const { limitUrls, recorded, plan } = stage;
  const steps = [{ url: limitUrls.control, transactions: recorded.payment }];
  const { connections } = plan;
  return {
    watch: { ...stage.watch, 'SQL client': { pid: sql.pid } },
    work: (durationMs) =>
      sql.ask<Slice>('run', { steps, connections, durationMs } satisfies SqlLoad),
  };
}

/** Also what the vault does in its own database: describe the token, claim the card, settle. */
function replayingAll(stage: Stage, sql: Child): Side {
  const { limitUrls, recorded, plan } = stage;
  const [describe = [], ...forward] = recorded.vaultPayment;
  const [[claim] = []] = forward;
  const [create = []] = recorded.token;
  const control = { url: limitUrls.control, transactions: recorded.payment };
  const steps = [
    { url: limitUrls.vault, transactions: [describe] },
    { ...control, transactions: recorded.payment.slice(0, -1) },
    { url: limitUrls.vault, transactions: forward },
    { ...control, transactions: recorded.payment.slice(-1) },
  ];
  const supply = new Supply(plan.tokensAtFirst, (count) =>
    sql.ask<string[]>('insert', {
      url: limitUrls.vault,
      transaction: create,
      count,
    } satisfies SqlRows),
  );
  return {
    watch: { ...stage.watch, 'SQL client': { pid: sql.pid } },
    prepare: () => supply.fill(),
    work: async (durationMs) => {
      const { connections } = plan;
      const given = { recorded: claim?.values[0] ?? '', ids: supply.left };
      const load: SqlLoad = { steps, connections, durationMs, given };
      const slice = await sql.ask<Slice>('run', load);
      supply.used(slice.done);
      return slice;
    },
  };
}

/** Tokens made before the measured time, and always more than can be used in it. */
class Supply {
  left: string[] = [];
  readonly #make: (count: number) => Promise<string[]>;
  readonly #most: number;
  #wanted: number;

  constructor(most: number, make: (count: number) => Promise<string[]>) {
    this.#most = most;
    this.#wanted = most;
    this.#make = make;
  }

  async fill(): Promise<void> {
    const missing = this.#wanted - this.left.length;
    if (missing > 0) this.left.push(...(await this.#make(missing)));
  }

  /** The first ones are used up. */
  used(count: number): void {
    this.left = this.left.slice(count);
    this.#wanted = Math.min(this.#most, Math.ceil(count * 1.5) + 50);
  }
}
