import type { KeyObject } from 'node:crypto';
import type { Context } from '../../core/context.ts';
import type { ExposedKey } from '../../core/http/key-guard.ts';
import { networkOf } from '../../core/network.ts';
import { RateLimiter } from '../../core/rate-limit.ts';
import { type ExposureDependencies, exposeKey } from './expose-key.ts';
import { identifyKeys } from './identify-keys.ts';

type Options = ExposureDependencies & {
  /** Of PayOS itself: whoever sent the key has proved nothing by that. */
  ctx: Context;
  pepper: KeyObject;
};

/** Keys that wait to be looked at; what comes beyond that is not looked at. */
const waitingMax = 1_000;
/** Looked up together: junk from many addresses must not crowd out what is real. */
const lookedUpMax = 100;
/** Per minute and network: whoever sends junk in the open shall cost little. */
const looksPerMinute = 60;

/**
 * Looks after keys that were sent in the open or in a URL. Nobody waits for it, and no answer
 * depends on it, so that a stranger cannot find out by it whether a key is anybody's.
 */
export function watchExposed({ ctx, pepper, ...deps }: Options) {
  const looks = new RateLimiter();
  const waiting: ExposedKey[] = [];
  let working: Promise<void> | undefined;

  const work = async () => {
    while (waiting.length > 0) {
      await lookAt(waiting.splice(0, lookedUpMax)).catch(complain);
    }
  };
  const complain = (error: unknown) =>
    ctx.log.error({ err: error }, 'an exposed key could not be looked after');
  const lookAt = async (batch: readonly ExposedKey[]) => {
    const texts = batch.map(({ key }) => key);
    const found = await identifyKeys(ctx.db, pepper, texts);
    for (const { key, how, address } of batch) {
      const identified = found.get(key);
      if (identified === undefined) continue;
      const own = { ...ctx, address };
      await exposeKey(own, deps, identified, { how, where: address })
        .then((outcome) => {
          ctx.log.warn({ key: identified.id, how, address, outcome }, 'an API key was exposed');
        })
        .catch(complain);
    }
  };
  return {
    tell: (exposed: ExposedKey): void => {
      const from = networkOf(exposed.address ?? '');
      if (!looks.take(from, looksPerMinute, 60_000).allowed) return;
      if (waiting.length >= waitingMax) return;
      waiting.push(exposed);
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    /** Ends when what is under way is done. */
    stop: async (): Promise<void> => {
      await working;
    },
  };
}

export type ExposedKeys = Pick<ReturnType<typeof watchExposed>, 'tell'>;
