import { type KeyProvider, SealBroken } from './key-provider.ts';
import { rootOf } from './key-service.ts';

/**
 * While keys move from one provider to another: new keys are wrapped by the one, and what the other
 * wrapped can still be opened. Fit for live mode only if both are.
 */
export function twoProviders(current: KeyProvider, old: KeyProvider): KeyProvider {
  return {
    ...current,
    fitForLive: current.fitForLive && old.fitForLive,
    opens: (root) => current.opens(root) || old.opens(root),
    unwrap: async (wrapped, context) => {
      const root = rootOf(wrapped);
      const provider = [current, old].find((one) => one.opens(root));
      if (provider === undefined) throw new SealBroken();
      return provider.unwrap(wrapped, context);
    },
    close: async () => {
      await Promise.all([current.close(), old.close()]);
    },
  };
}
