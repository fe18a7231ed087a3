import { schemas } from 'payos-contract';
import type pg from 'pg';
import Type from 'typebox';
import { Check } from 'typebox/value';
import type { Scope } from '../../core/context.ts';
import type { Database } from '../../core/db.ts';
import type { Log } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { secretBytes } from '../../core/random.ts';
import { type KeyChange, keyChannel } from '../announce-change.ts';
import type { KeyMemory } from '../verify-memory.ts';
import { Acknowledgements, readLastChanges, readPropagation } from './acknowledgements.ts';
import { ChangeLog } from './change-log.ts';
import { DatabaseClock } from './database-clock.ts';
import { feedMetrics } from './feed-metrics.ts';
import {
  acknowledgedChannel,
  leave,
  type Polled,
  poll,
  type SeenChange,
} from './feed-statements.ts';
import { Freshness, moment } from './freshness.ts';
import { Nodes } from './nodes.ts';

/** How old what a process knows of changes may be before it trusts nothing it remembers. */
export const trustedMs = 1_000;
/** Notifications may be lost; what is in the table is not. It is read this often. */
const pollEveryMs = 250;
/** While transactions run of which we might not be told. */
const settleEveryMs = 20;
const reconnectMs = 200;
const propagationTimeoutMs = 2_000;

const Notice = Type.Object({
  id: Type.Integer(),
  organization: schemas.Id('organization'),
  mode: schemas.Mode,
  key: schemas.Nullable(schemas.Id('apiKey')),
  created_ms: Type.Number(),
});

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
  /** What vaults that follow through this process are told. */
  readonly log = new ChangeLog(this.node);
  readonly nodes = new Nodes(this.node);
  readonly #options: Options;
  readonly #acknowledgements = new Acknowledgements();
  readonly #freshness = new Freshness();
  readonly #metrics: ReturnType<typeof feedMetrics>;
  #horizon: bigint | undefined;
  #snapshot = '';
  /** What was seen under an id: whoever may connect may also notify, of whatever they like. */
  #seen = new Map<number, string>();
  #heardSincePoll = new Map<number, string>();
  #client: pg.Client | undefined;
  #isAcknowledging = false;
  /** Nodes that have ended since. */
  readonly #left: string[] = [];
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
      nodes: () => this.nodes.alive,
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
    return this.nodes.isCounted(this.node) && this.ageMs() < trustedMs;
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

  /** Waits like {@link awaitPropagation} for the last change of each of these keys. */
  async awaitKeys(organization: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const changes = await readLastChanges(this.#options.db, organization, keys);
    await Promise.all(changes.map((change) => this.awaitPropagation(change)));
  }

  /** What was visible when the log ended where it ends now. */
  get snapshot(): string {
    return this.#snapshot;
  }

  /** A node has forgotten what these changes concern. */
  acknowledge(node: string, changes: readonly number[]): void {
    this.nodes.owe(node, changes);
    const client = this.#client;
    // A connection on which that fails is given up; whoever is owed to is told after the next.
    if (client !== undefined) this.#settleUp(client).catch(() => void client.end());
  }

  /** There is something to do before the next look. */
  nudge(): void {
    this.#isNudged = true;
    this.#wake();
  }

  /** A node that follows through this process has ended: nobody waits for it any more. */
  leave(node: string): void {
    this.nodes.forget(node);
    this.#left.push(node);
    this.nudge();
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
          this.#client = client;
          if (rounds === 0) log.info({ node: this.node, failures }, 'hears of changes of keys');
          failures = 0;
          heard();
          await this.#pause(this.nodes.areCounted() ? pollEveryMs : settleEveryMs);
        }
        if (this.#isStopped) await leave(client, this.node);
      } catch (error) {
        failures += 1;
        if (failures === 1) log.error({ err: error }, 'does not hear of changes of keys');
        this.#isNudged = false;
        await this.#pause(reconnectMs);
      } finally {
        this.#client = undefined;
        // Of a frozen connection nobody would hear the end.
        void client.end().catch(() => {});
      }
    }
  }

  #whenLost(client: pg.Client): () => boolean {
    let isLost = false;
    const lost = () => {
      isLost = true;
      // The end of a connection that never stood must not cut the wait for the next try short.
      if (this.#client === client) this.#wake();
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
    const change = readNotice(payload);
    if (change === undefined) this.nudge();
    else this.#learn([change]);
  }

  /** @param isFirst of a new connection: what went by meanwhile was missed */
  async #round(client: pg.Client, isFirst: boolean): Promise<void> {
    this.#isNudged = false;
    for (const node of this.#left.splice(0)) await leave(client, node);
    await this.nodes.beat(client, isFirst);
    const asOf = moment();
    this.#heardSincePoll.clear();
    const polled = await poll(client, isFirst ? undefined : this.#horizon);
    this.databaseClock.note(polled.nowMs, asOf.monotonicMs);
    this.nodes.settle(polled);
    if (isFirst || this.ageMs() >= trustedMs) this.#doubt(polled);
    this.#learn(polled.changes);
    this.#horizon = polled.xmin;
    this.#snapshot = polled.snapshot;
    // What is older than the horizon is not told of again.
    this.#seen = new Map([
      ...this.#heardSincePoll,
      ...polled.changes.map((change) => [change.id, whatOf(change)] as const),
    ]);
    this.#freshness.renew(asOf);
    await this.#settleUp(client);
  }

  /** Forgets what changed, and acknowledges it. */
  #learn(changes: readonly SeenChange[]): void {
    const news = changes.filter((change) => this.#seen.get(change.id) !== whatOf(change));
    if (news.length === 0) return;
    for (const change of news) {
      this.#seen.set(change.id, whatOf(change));
      this.#heardSincePoll.set(change.id, whatOf(change));
      this.#options.memory.change(change);
      const tookMs = this.databaseClock.nowMs() - change.created_ms;
      this.#metrics.changeSeconds.observe(Math.max(0, tookMs) / 1000);
    }
    this.log.push(news);
    this.acknowledge(
      this.node,
      news.map(({ id }) => id),
    );
  }

  /** Acknowledges; what comes while that is under way goes together with the next. */
  async #settleUp(client: pg.Client): Promise<void> {
    if (this.#isAcknowledging) return;
    this.#isAcknowledging = true;
    try {
      while (this.nodes.owing) await this.nodes.acknowledge(client);
    } finally {
      this.#isAcknowledging = false;
    }
  }

  /** Changes may have been missed: what is remembered here, and through us, is from before. */
  #doubt({ snapshot }: Polled): void {
    this.#options.memory.doubt();
    this.log.restart();
    this.nodes.owesNothingAsOf(this.node, snapshot);
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

function whatOf({ organization, mode, key }: SeenChange): string {
  return `${organization} ${mode} ${key}`;
}

/** The change that a notification tells of; undefined when it is none of ours. */
function readNotice(payload: string): SeenChange | undefined {
  try {
    const said: unknown = JSON.parse(payload);
    return Check(Notice, said) ? said : undefined;
  } catch {
    return undefined;
  }
}

/** What verbs that change keys need of it. */
export type KeyPropagation = Pick<KeyFeed, 'awaitPropagation' | 'awaitKeys' | 'readPropagation'>;
