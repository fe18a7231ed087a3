import type { KeyObject } from 'node:crypto';
import type { Context } from '../../core/context.ts';
import type { ExposedKey } from '../../core/http/key-guard.ts';
import { networkOf } from '../../core/network.ts';
import { RateLimiter } from '../../core/rate-limit.ts';
import type { Sealer } from '../../core/seal.ts';
import { exposeKey } from './expose-key.ts';
import { identifyKeys } from './identify-keys.ts';

type Options = {
  /** Of PayOS itself: whoever sent the key has proved nothing by that. */
  ctx: Context;
  pepper: KeyObject;
  sealer: Sealer;
};

/** Looked at at the same time; what comes beyond that is not looked at. */
const underWayMax = 8;
/** Per minute and network: whoever sends junk in the open shall cost nothing. */
const looksPerMinute = 60;

/**
 * Looks after keys that were sent in the open or in a URL. Nobody waits for it, and no answer
 * depends on it, so that a stranger cannot find out by it whether a key is anybody's.
 */
export function watchExposed({ ctx, pepper, sealer }: Options) {
  const looks = new RateLimiter();
  const underWay = new Set<Promise<void>>();
  const look = async ({ key, how, address }: ExposedKey) => {
    try {
      const found = (await identifyKeys(ctx.db, pepper, [key])).get(key);
      if (found === undefined) return;
      const outcome = await exposeKey({ ...ctx, address }, sealer, found, { how, where: address });
      ctx.log.warn({ key: found.id, how, address, outcome }, 'an API key was exposed');
    } catch (error) {
      ctx.log.error({ err: error, how }, 'an exposed key could not be looked after');
    }
  };
  return {
    tell: (exposed: ExposedKey): void => {
      const from = networkOf(exposed.address ?? '');
      if (underWay.size >= underWayMax || !looks.take(from, looksPerMinute, 60_000).allowed) return;
      const looking = look(exposed).finally(() => underWay.delete(looking));
      underWay.add(looking);
    },
    /** Ends when what is under way is done. */
    stop: async (): Promise<void> => {
      await Promise.all(underWay);
    },
  };
}

export type ExposedKeys = Pick<ReturnType<typeof watchExposed>, 'tell'>;
