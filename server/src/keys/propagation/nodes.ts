import type pg from 'pg';
import { clock } from '../../core/clock.ts';
import {
  type Acknowledged,
  acknowledge,
  beat,
  type NodeKind,
  owedBy,
  type Polled,
} from './feed-statements.ts';

const beatEveryMs = 1_000;
/** Others stop waiting for a node at `nodeLeaseSeconds`; before that it has to start anew. */
const leaseLostMs = 2_500;
/** A vault that has not asked for so long trusts nothing it remembers. */
const silentMs = 1_000;
const forgottenMs = 60_000;

type Node = {
  kind: NodeKind;
  heardMs: number;
  /** Its row is in the database since a transaction before this one; undefined: not surely. */
  countedFrom: bigint | undefined;
  isBeaten: boolean;
  isCounted: boolean;
  owed: number[];
  /** It forgot everything as of this snapshot: it owes nothing that is visible there. */
  forgotAsOf: string | undefined;
};

/**
 * The nodes that this process speaks for, itself and vaults that follow through it. Whoever
 * announces a change waits for the nodes that are in the database at that time; so a node may rely
 * on its memory only when nobody can be announcing a change without knowing of it.
 */
export class Nodes {
  readonly #nodes = new Map<string, Node>();
  #beatMs = Number.NEGATIVE_INFINITY;
  /** Nodes of all processes, as of the last beat. */
  alive = 0;

  constructor(own: string) {
    this.hear(own, 'server').heardMs = Number.POSITIVE_INFINITY;
  }

  /** A node is alive. */
  hear(id: string, kind: NodeKind): Node {
    const nowMs = clock.monotonicMs();
    const known = this.#nodes.get(id);
    if (known !== undefined && nowMs - known.heardMs < silentMs) {
      known.heardMs = nowMs;
      return known;
    }
    const fresh = { countedFrom: undefined, isBeaten: false, isCounted: false };
    const node = { kind, heardMs: nowMs, ...fresh, owed: [], forgotAsOf: undefined };
    this.#nodes.set(id, node);
    return node;
  }

  forget(id: string): void {
    this.#nodes.delete(id);
  }

  isCounted(id: string): boolean {
    return this.#nodes.get(id)?.isCounted === true;
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** Whether all that live are; while not, it is worth asking again soon. */
  areCounted(): boolean {
    const nowMs = clock.monotonicMs();
    const isSilent = ({ heardMs }: Node) => nowMs - heardMs >= silentMs;
    return [...this.#nodes.values()].every((node) => node.isCounted || isSilent(node));
  }

  owe(id: string, changes: readonly number[]): void {
    this.#nodes.get(id)?.owed.push(...changes);
  }

  /** A node has forgotten everything, as of a snapshot. */
  owesNothingAsOf(id: string, snapshot: string): void {
    const node = this.#nodes.get(id);
    if (node !== undefined) node.forgotAsOf = snapshot;
  }

  /** Says in the database who is alive. @param isFirst of a connection: maybe another database */
  async beat(on: pg.Client, isFirst: boolean): Promise<void> {
    const [beforeMs, nowMs] = [this.#beatMs, clock.monotonicMs()];
    const living = [...this.#nodes].filter(([id, { heardMs }]) => {
      if (nowMs - heardMs > forgottenMs) this.#nodes.delete(id);
      return nowMs - heardMs < silentMs;
    });
    const isDue = nowMs - beforeMs >= beatEveryMs || living.some(([, { isBeaten }]) => !isBeaten);
    if (!isDue && !isFirst) return;
    this.alive = await beat(on, new Map(living.map(([id, { kind }]) => [id, kind])));
    this.#beatMs = nowMs;
    const maybeTakenForDead = isFirst || clock.monotonicMs() - beforeMs > leaseLostMs;
    for (const [, node] of living) {
      if (maybeTakenForDead) node.countedFrom = undefined;
      node.isBeaten = true;
    }
  }

  /** @param polled after the beat */
  settle({ xmin, xmax }: Polled): void {
    for (const node of this.#nodes.values()) {
      if (!node.isBeaten) continue;
      node.countedFrom ??= xmax;
      node.isCounted = xmin >= node.countedFrom;
    }
  }

  /** Whether there is something that {@link acknowledge} would write. */
  get owing(): boolean {
    const all = [...this.#nodes.values()];
    return all.some(({ owed, forgotAsOf }) => owed.length > 0 || forgotAsOf !== undefined);
  }

  /** Writes down what nodes have acknowledged. */
  async acknowledge(on: pg.Client): Promise<void> {
    const acks: Acknowledged[] = [];
    for (const [id, node] of this.#nodes) {
      const { forgotAsOf } = node;
      const owed = new Set(node.owed.splice(0));
      node.forgotAsOf = undefined;
      const more = forgotAsOf === undefined ? [] : await owedBy(on, id, forgotAsOf);
      for (const change of owed.union(new Set(more))) acks.push({ change, node: id });
    }
    await acknowledge(on, acks);
  }
}
