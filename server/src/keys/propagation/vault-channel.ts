import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import { type KeyFeed, trustedMs } from './key-feed.ts';

/** How long a question is held while nothing changes. */
const holdMs = 300;

/**
 * Tells vaults, which have no connection to this database, which keys changed, and acknowledges in
 * their name what they have forgotten: whatever lies before the cursor that they come back with.
 */
export class VaultChannel {
  readonly #feed: KeyFeed;
  /** What each vault was told last, and what it has to forget to be there. */
  readonly #told = new Map<string, { from: string | null; to: string; asOf: string }>();

  constructor(feed: KeyFeed) {
    this.#feed = feed;
  }

  /** Who answers. */
  get server(): string {
    return this.#feed.node;
  }

  async ask({ node, cursor, leaving }: schemas.AskKeyChanges): Promise<schemas.KeyChanges> {
    const startMs = clock.monotonicMs();
    const feed = this.#feed;
    if (leaving === true) {
      this.#told.delete(node);
      feed.leave(node);
    } else {
      feed.nodes.hear(node, 'vault');
      this.#acknowledge(node, cursor);
      await feed.log.beyond(cursor, holdMs);
    }
    const changes = feed.log.since(cursor);
    const to = feed.log.cursor();
    const from = changes === undefined ? null : cursor;
    // Before the first look there is nothing that it could acknowledge: the look resets everybody.
    if (leaving !== true && feed.snapshot !== '') {
      this.#told.set(node, { from, to, asOf: feed.snapshot });
    }
    const ageMs = feed.ageMs();
    const isTrusted = ageMs < trustedMs && feed.nodes.isCounted(node);
    return {
      server: feed.node,
      cursor: to,
      reset: changes === undefined,
      changes: (changes ?? []).map(({ organization, mode, key }) => ({ organization, mode, key })),
      held_ms: clock.monotonicMs() - startMs,
      age_ms: isTrusted ? ageMs : null,
    };
  }

  #acknowledge(node: string, cursor: string | null): void {
    const { log, nodes } = this.#feed;
    for (const known of this.#told.keys()) if (!nodes.has(known)) this.#told.delete(known);
    const told = this.#told.get(node);
    if (told === undefined || told.to !== cursor) return;
    this.#told.delete(node);
    // Before the first look there is no snapshot; after it, everybody is told to start anew.
    if (told.from === null && told.asOf !== '') nodes.owesNothingAsOf(node, told.asOf);
    // Who forgot everything has forgotten what we heard of after the snapshot, too.
    const changes =
      (told.from === null ? log.until(told.to) : log.between(told.from, told.to)) ?? [];
    this.#feed.acknowledge(
      node,
      changes.map(({ id }) => id),
    );
    if (!nodes.isCounted(node)) this.#feed.nudge();
  }
}
