import { schemas } from 'payos-contract';
import { Check } from 'typebox/value';
import { describeError, type Log } from '../core/log.ts';
import type { KeyMemory } from './key-memory.ts';
import type { KeyServer } from './key-server.ts';
import type { KeyUses } from './key-uses.ts';

type KeyChannelDeps = {
  /** The name of this process. */
  node: string;
  server: KeyServer;
  memory: KeyMemory;
  uses: KeyUses;
  log: Log;
  /** Milliseconds, monotonic. */
  clock: () => number;
  /** Milliseconds since 1970: goes on while the whole machine sleeps. */
  wallClock: () => number;
};

/** How old what we know of changes may be before nothing counts that is remembered. */
const trustedMs = 1_000;
const timeoutMs = 2_000;
const againMs = 200;
/** Failures in a row that are told of: at a start the server may come a little later. */
const toldAt = 5;

/**
 * Follows the changes of keys: asks the server again and again, which holds each question until
 * something changes. The vault has no connection to the server's database, and does not want one.
 */
export function createKeyChannel(deps: KeyChannelDeps) {
  const { node, server, memory, uses, log, clock, wallClock } = deps;
  let cursor: string | null = null;
  let follows: string | undefined;
  /** When all changes were known, by both clocks. */
  let known = { at: Number.NEGATIVE_INFINITY, wallAt: 0 };
  let stopped = false;
  let failures = 0;

  const isTrusted = () =>
    clock() - known.at < trustedMs && Math.abs(wallClock() - known.wallAt) < trustedMs;

  async function round(): Promise<void> {
    const [at, wallAt] = [clock(), wallClock()];
    const reported = uses.take(schemas.reportedUsesMax);
    const question = { node, cursor, uses: reported.uses };
    const asked = server.ask('/internal/key-changes', question, timeoutMs);
    // What the server does not want to have it must not be given again and again.
    const { status, body } = await asked.catch((error: unknown) => {
      reported.putBack();
      throw error;
    });
    if (status !== 200 || !Check(schemas.KeyChanges, body)) {
      throw new Error(`the server answered with ${status}`);
    }
    take(body, at, wallAt);
  }

  function take(answer: schemas.KeyChanges, at: number, wallAt: number): void {
    if (answer.reset || answer.server !== follows) memory.clear();
    for (const change of answer.changes) memory.change(change);
    ({ cursor, server: follows } = answer);
    if (answer.age_ms === null) return;
    const laterMs = answer.held_ms - answer.age_ms;
    known = { at: at + laterMs, wallAt: wallAt + laterMs };
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await round();
        if (failures >= toldAt) log('info', 'key_changes_heard_again', { count: failures });
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === toldAt)
          log('error', 'key_changes_not_heard', { error: describeError(error) });
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
    const last = uses.take(schemas.reportedUsesMax);
    const leaving = { node, cursor, uses: last.uses, leaving: true };
    await server.ask('/internal/key-changes', leaving, timeoutMs).catch(() => {});
  }
  const running = run();

  return {
    /** Whether every change would be known here by now. */
    isTrusted,
    /** The server whose answers go together with what is heard. */
    follows: () => follows,
    async stop(): Promise<void> {
      stopped = true;
      await running;
    },
  };
}

export type KeyChannel = ReturnType<typeof createKeyChannel>;
