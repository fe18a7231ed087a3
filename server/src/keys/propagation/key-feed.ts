import type { schemas } from 'payos-contract';
import type pg from 'pg';
import { clock } from '../../core/clock.ts';
import type { Scope } from '../../core/context.ts';
import type { Database } from '../../core/db.ts';
import type { Log } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { secretBytes } from '../../core/random.ts';
import { type KeyChange, keyChannel } from '../announce-change.ts';
import type { KeyMemory } from '../verify-memory.ts';
import { Acknowledgements, readPropagation } from './acknowledgements.ts';
import { DatabaseClock } from './database-clock.ts';
import { feedMetrics } from './feed-metrics.ts';
import {
  acknowledge,
  acknowledgedChannel,
  beat,
  leave,
  type NodeKind,
  owedBy,
  type Polled,
  poll,
} from './feed-statements.ts';
import { Freshness, moment } from './freshness.ts';

/** How old what a process knows of changes may be before it trusts nothing it remembers. */
export const trustedMs = 1_000;
/** The feed is asked at every notification, and at least this often. */
const pollEveryMs = 250;
/** While transactions run of which we might not be told. */
const settleEveryMs = 20;
const beatEveryMs = 1_000;
/** Others stop waiting for a node at `nodeLeaseSeconds`; before that it has to start anew. */
const leaseLostMs = 2_500;
const reconnectMs = 200;
const propagationTimeoutMs = 2_000;

type Options = { db: Database; memory: KeyMemory; log: Log; metrics: Metrics };

/**
 * Hears of every change of a key, whichever process made it, and has this process forget what it
 * remembered. It listens on a connection of its own, and on the same connection asks what changed:
 * from the horizon of the last snapshot on, because ids alone skip what commits late. An unbroken
 * chain of such answers, the last begun less than a second ago, is what memory is trusted upon.
 */
export class KeyFeed {
  readonly node = `server-${secretBytes(8).toString('hex')}`;
  readonly databaseClock = new DatabaseClock();
  readonly #options: Options;
  readonly #nodes = new Map<string, NodeKind>([[this.node, 'server']]);
  readonly #acknowledgements = new Acknowledgements();
  readonly #freshness = new Freshness();
  #horizon: bigint | undefined;
  #seen = new Set<number>();
  /** Whoever announces a change from this transaction on, counts us in. */
  #countedFrom: bigint | undefined;
  #isCounted = false;
  #alive = 0;
  readonly #metrics: ReturnType<typeof feedMetrics>;
  #beatMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #isNudged = false;
  #wake = () => {};
  #series: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    this.#metrics = feedMetrics(options.metrics, {
      age: () => this.ageMs() / 1000,
      isTrusted: () => this.isTrusted(),
      remembered: () => options.memory.size,
      nodes: () => this.#alive,
    });
  }

  /** Resolves when it has heard for the first time; after that it goes on by itself. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#series = this.#run(resolve);
    });
  }

  /** Ends in good order: nobody waits for this node any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#series;
  }

  /** Milliseconds since the last time all changes were known. */
  ageMs(): number {
    return this.#freshness.ageMs();
  }

  /** Whether memory counts at this moment. */
  isTrusted(): boolean {
    return this.#isCounted && this.ageMs() < trustedMs;
  }

  /** For `/readyz`: what is wrong, as a sentence. */
  complaint(): string | undefined {
    const ageMs = this.ageMs();
    if (ageMs < trustedMs) return undefined;
    const since = Number.isFinite(ageMs) ? ` for ${Math.floor(ageMs / 1000)} s` : '';
    return `keys: memory not trusted${since}; each is read from the database.`;
  }

  /**
   * Waits until every process has heard of a change, or `timeoutMs` have passed. To be called after
   * COMMIT. From its first moment on this process itself knows the change.
   */
  async awaitPropagation(
    change: KeyChange,
    { timeoutMs = propagationTimeoutMs } = {},
  ): Promise<schemas.Propagation> {
    const { db, memory } = this.#options;
    memory.change(change);
    return await this.#acknowledgements.wait(db, change, timeoutMs);
  }

  /** How far the last change of a key has come; null when it has never changed. */
  readPropagation({ organization }: Scope, key: string) {
    return readPropagation(this.#options.db, organization, key);
  }

  async #run(heard: () => void): Promise<void> {
    const { db, log } = this.#options;
    let failures = 0;
    while (!this.#isStopped) {
      const client = db.single();
      client.on('notification', ({ channel, payload = '' }) => this.#hear(channel, payload));
      const isLost = this.#whenLost(client);
      try {
        await client.connect();
        await client.query(`LISTEN ${keyChannel}; LISTEN ${acknowledgedChannel}`);
        for (let rounds = 0; !this.#isStopped && !isLost(); rounds += 1) {
          await this.#round(client, rounds === 0);
          if (rounds === 0) log.info({ node: this.node, failures }, 'hears of changes of keys');
          failures = 0;
          heard();
          await this.#pause(this.#isCounted ? pollEveryMs : settleEveryMs);
        }
        if (this.#isStopped) await leave(client, this.node);
      } catch (error) {
        failures += 1;
        if (failures === 1) log.error({ err: error }, 'does not hear of changes of keys');
        this.#isNudged = false;
        await this.#pause(reconnectMs);
      } finally {
        // Of a frozen connection nobody would hear the end.
        void client.end().catch(() => {});
      }
    }
  }

  #whenLost(client: pg.Client): () => boolean {
    let isLost = false;
    const lost = () => {
      isLost = true;
      this.#wake();
    };
    client.on('error', lost);
    client.on('end', lost);
    return () => isLost;
  }

  #hear(channel: string, payload: string): void {
    if (channel === acknowledgedChannel) {
      this.#acknowledgements.hear(payload);
      return;
    }
    this.#isNudged = true;
    this.#wake();
  }

  /** @param isFirst of a new connection: what went by meanwhile was missed */
  async #round(client: pg.Client, isFirst: boolean): Promise<void> {
    this.#isNudged = false;
    const { memory } = this.#options;
    if (isFirst) this.#beatMs = Number.NEGATIVE_INFINITY;
    const isNew = await this.#beat(client);
    const asOf = moment();
    const polled = await poll(client, isFirst ? undefined : this.#horizon);
    this.databaseClock.note(polled.nowMs, asOf.monotonicMs);
    // Who announced a change at the same time may not have seen our row: such transactions have
    // to be over before memory counts.
    if (isNew) this.#countedFrom = polled.xmax;
    this.#isCounted = polled.xmin >= (this.#countedFrom ?? polled.xmax);
    if (isFirst || this.ageMs() >= trustedMs) memory.doubt();
    const news = this.#take(polled);
    for (const change of news) memory.change(change);
    this.#freshness.renew(asOf);
    const own = news.filter(({ nodes }) => nodes.includes(this.node)).map(({ id }) => id);
    await acknowledge(client, this.node, isFirst ? await owedBy(client, this.node) : own);
    this.#measure(news, polled.nowMs);
  }

  /** @returns whether somebody may have taken us for dead */
  async #beat(client: pg.Client): Promise<boolean> {
    const [beforeMs, nowMs] = [this.#beatMs, clock.monotonicMs()];
    if (nowMs - beforeMs < beatEveryMs) return false;
    this.#alive = await beat(client, this.#nodes);
    this.#beatMs = nowMs;
    return clock.monotonicMs() - beforeMs > leaseLostMs;
  }

  #take({ xmin, changes }: Polled) {
    const news = changes.filter(({ id }) => !this.#seen.has(id));
    this.#seen = new Set(changes.map(({ id }) => id));
    this.#horizon = xmin;
    return news;
  }

  #measure(news: Polled['changes'], nowMs: number): void {
    for (const { created_ms } of news) {
      this.#metrics.changeSeconds.observe(Math.max(0, nowMs - created_ms) / 1000);
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#isNudged || this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What verbs that change keys need of it. */
export type KeyPropagation = Pick<KeyFeed, 'awaitPropagation' | 'readPropagation'>;
