import { describeError, type Log } from './log.ts';

/** Whether this process may take cards of live mode, as it stands now. */
export type LiveMode = {
  isOpen(): boolean;
  /** Why not, besides the root of the keys: a sentence each, with what to do. */
  weaknesses(): readonly string[];
  stop(): Promise<void>;
};

type Options = {
  /** Finds what would let cards out of memory or into a log. */
  look: () => Promise<string[]>;
  /** Where the root of the keys is no place for live mode: the sentence that says so. */
  unfitRoot: string | undefined;
  log: Log;
  everyMs?: number;
};

const usualMs = 5_000;

/**
 * Looks now and then every five seconds: a debugger, a core dump or a log of statements can be
 * switched on while the vault runs. Live mode is closed from the look that finds something until
 * the first that finds nothing. A look that fails changes nothing: without its database the vault
 * takes no cards anyway. In test mode weaknesses are only told of, because people try PayOS out on
 * machines that are not set up.
 *
 * @throws what the first look throws
 */
export async function watchLiveMode(options: Options): Promise<LiveMode> {
  const { look, unfitRoot, log, everyMs = usualMs } = options;
  let found: readonly string[] = [];
  const take = (now: readonly string[]) => {
    for (const detail of now) {
      if (!found.includes(detail)) log('warn', 'closed_in_live_mode', { detail });
    }
    const isWell = now.length === 0 && unfitRoot === undefined;
    if (found.length > 0 && isWell) log('info', 'hardened_again', {});
    found = now;
  };
  if (unfitRoot !== undefined) log('warn', 'closed_in_live_mode', { detail: unfitRoot });
  take(await look());
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look()
      .then(take, (error: unknown) => {
        log('warn', 'hardening_unknown', { error: describeError(error) });
      })
      .finally(() => {
        looking = undefined;
      });
  }, everyMs);
  return {
    isOpen: () => unfitRoot === undefined && found.length === 0,
    weaknesses: () => found,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
