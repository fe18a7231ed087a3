import type { Db } from '../core/db.ts';
import { describeError, type Log } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import type { KeyProvider } from '../seal/key-provider.ts';
import { isLocked, type LockedProvider } from '../seal/locked-provider.ts';
import { parseShare, type Share } from '../seal/share.ts';
import { writeCustody } from './write-custody.ts';

/** How long shares are remembered, from the first on. */
export const sharesMs = 15 * 60_000;

type SealStatus = {
  sealed: boolean;
  /** Of a vault whose root is in the hands of custodians. */
  custody: {
    set: string;
    shares: number;
    threshold: number;
    check_value: string;
    /** How many shares were given, and are still remembered. */
    given: number;
  } | null;
};

export type Unsealing = {
  readonly isSealed: boolean;
  status(): SealStatus;
  /** Throws {@link Refusal}: `share_refused`, `vault_key_state`, `unavailable`. */
  give(custodian: string, text: string): Promise<SealStatus>;
  /** Forgets the shares that were given. */
  forget(): void;
};

type Deps = {
  db: Db;
  provider: KeyProvider;
  clock: () => number;
  log: Log;
  /** Looks whether the root is the right one, and begins to serve. */
  onOpen: () => Promise<void>;
};

/**
 * Collects the shares of the custodians until they open the root. Nothing is said about a single
 * share but that it was mistyped, is of another set, or was given before: whether it is right shows
 * only with all of them, and not which of them is wrong.
 */
export function createUnsealing(deps: Deps): Unsealing {
  const { db, provider, clock } = deps;
  const locked = isLocked(provider) ? provider : undefined;
  const given = new Map<number, { share: Share; custodian: string }>();
  const state = { isSealed: locked !== undefined, until: 0, isOpening: false };

  let turn: Promise<void> = Promise.resolve();

  function forget(): void {
    for (const { share } of given.values()) share.y.fill(0);
    given.clear();
  }

  function status(): SealStatus {
    // Not those that are opening it now: whoever opens forgets them.
    if (!state.isOpening && clock() > state.until) forget();
    if (locked === undefined) return { sealed: false, custody: null };
    const { set, shares, threshold, check_value } = locked.lock;
    const custody = { set, shares, threshold, check_value, given: given.size };
    return { sealed: state.isSealed, custody };
  }

  /** One share after the other: none may count before it stands in the audit log. */
  async function give(custodian: string, text: string): Promise<SealStatus> {
    if (state.isOpening)
      throw new Refusal('vault_key_state', { detail: 'The vault is not sealed.' });
    const mine = turn.then(() => take(custodian, text));
    turn = mine.then(
      () => {},
      () => {},
    );
    return await mine;
  }

  async function take(custodian: string, text: string): Promise<SealStatus> {
    if (locked === undefined || !state.isSealed) {
      throw new Refusal('vault_key_state', { detail: 'The vault is not sealed.' });
    }
    const { lock } = locked;
    status();
    const share = parseShare(text);
    const refusal = whyNot(lock.set, given, custodian, share);
    if (share === undefined || refusal !== undefined) {
      throw new Refusal('share_refused', { detail: refusal ?? '' });
    }
    const count = `${given.size + 1} of ${lock.threshold}`;
    const what = `set ${lock.set}, share ${share.x}, ${count}, check value ${lock.check_value}`;
    await writeCustody(db, custodian, 'share', what);
    if (given.size === 0) state.until = clock() + sharesMs;
    given.set(share.x, { share, custodian });
    if (given.size < lock.threshold) return status();
    state.isOpening = true;
    try {
      const shares = [...given.values()].map((one) => one.share);
      await open(deps, locked, shares, custodian).finally(forget);
      state.isSealed = false;
    } finally {
      state.isOpening = false;
    }
    return status();
  }

  return {
    get isSealed() {
      return state.isSealed;
    },
    status,
    give,
    forget,
  };
}

/** Throws {@link Refusal}: `share_refused`, `keyring_refused`, `unavailable`. */
async function open(
  { db, log, onOpen }: Deps,
  { lock, unlock, lockAgain }: LockedProvider,
  shares: readonly Share[],
  last: string,
): Promise<void> {
  const what = `set ${lock.set}, check value ${lock.check_value}`;
  if (!unlock(shares)) {
    log('error', 'shares_refused');
    await writeCustody(db, last, 'refuse', what);
    throw new Refusal('share_refused', {
      detail: 'At least one of these shares is wrong. All were forgotten: begin again.',
    });
  }
  try {
    await onOpen();
    await writeCustody(db, last, 'unseal', what);
  } catch (error) {
    await lockAgain();
    log('error', 'not_unsealed', { error: describeError(error) });
    if (error instanceof Refusal) throw error;
    const detail = 'The shares are right, but this root does not open the keys in the database.';
    throw new Refusal('keyring_refused', { detail });
  }
  log('info', 'unsealed');
}

function whyNot(
  set: string,
  given: ReadonlyMap<number, { custodian: string }>,
  custodian: string,
  share: Share | undefined,
): string | undefined {
  if (share === undefined) return 'This is not a whole share: look for a typing mistake.';
  if (share.set !== set) return `This share is of set ${share.set}; the vault waits for ${set}.`;
  if (given.has(share.x)) return 'This share was given already.';
  const names = [...given.values()].map((one) => one.custodian);
  // Several shares in one hand are what custody is against.
  if (names.includes(custodian)) return 'This custodian has given a share already.';
  return undefined;
}
