import type { VaultKey, Which } from './keys.ts';
import { whoami } from './keys.ts';

type Ask = <T>(path: string, body: object) => Promise<T>;

type Begun = { rotated: VaultKey[]; unfinished: VaultKey[]; after: string | null };
type Moved = {
  blocks: number;
  next: number | null;
  moved: number;
  busy: number;
  broken: string[];
};
type Counted = VaultKey & { records: number };
type Finished = { finished: VaultKey[]; left: Counted[] };

export type Rotation = {
  rotated: VaultKey[];
  unfinished: VaultKey[];
  finished: VaultKey[];
  moved: number;
  broken: string[];
  /** What requests with an Idempotency-Key are recognized by: it goes by itself within a day. */
  aging: number;
  /** Records under former versions, at the end or, of a dry run, now. */
  left: number;
};

type How = {
  olderThanDays: number;
  isDry: boolean;
  skipBroken: boolean;
  tell: (text: string) => void;
};

/** What lies under keys for these is moved; what was made for others goes by itself. */
const moved = ['card', 'fingerprint'];

/** Cards that somebody had in hand are moved by another walk; more than a few mean trouble. */
const walksMost = 5;

/** Rotates keys, step by step: the vault keeps no record of it but the records themselves. */
export async function rotateKeys(ask: Ask, which: Which, how: How): Promise<Rotation> {
  const done: Rotation = {
    ...(await begin(ask, which, how)),
    ...{ finished: [], moved: 0, broken: [], aging: 0, left: 0 },
  };
  if (how.isDry) return { ...done, left: await countUnder(ask, which, done) };
  for (let walk = 1; walk <= walksMost; walk += 1) {
    done.broken = [];
    for (const purpose of moved) {
      if ((which.purpose ?? purpose) !== purpose) continue;
      await moveAll(ask, { ...which, purpose }, how, done);
      if (done.broken.length > 0 && !how.skipBroken) break;
    }
    if (done.broken.length > 0 && !how.skipBroken) return done;
    const { finished, left } = await ask<Finished>('/keys/finish', { ...which, by: whoami() });
    done.finished.push(...finished);
    done.left = sumOf(left.filter(({ purpose }) => moved.includes(purpose)));
    done.aging = sumOf(left) - done.left;
    if (done.left <= done.broken.length) break;
  }
  return { ...done, left: Math.max(0, done.left - done.broken.length) };
}

const sumOf = (keys: readonly Counted[]) => keys.reduce((sum, { records }) => sum + records, 0);

async function begin(ask: Ask, which: Which, { olderThanDays, isDry }: How) {
  const asked = { ...which, by: whoami(), older_than_days: olderThanDays, dry_run: isDry };
  const all: Begun = { rotated: [], unfinished: [], after: null };
  do {
    const more = all.after === null ? {} : { after: all.after };
    const { rotated, unfinished, after } = await ask<Begun>('/keys/rotate', { ...asked, ...more });
    all.rotated.push(...rotated);
    all.unfinished.push(...unfinished);
    all.after = after;
  } while (all.after !== null);
  return { rotated: all.rotated, unfinished: all.unfinished };
}

async function moveAll(ask: Ask, which: Which, how: How, done: Rotation): Promise<void> {
  const broken = new Set<string>();
  let from: number | null = 0;
  let told = 0;
  while (from !== null) {
    const asked = { ...which, from, skip_broken: how.skipBroken };
    const step: Moved = await ask<Moved>('/keys/move', asked);
    done.moved += step.moved;
    for (const token of step.broken) broken.add(token);
    from = step.next;
    const percent = Math.floor((100 * (from ?? step.blocks)) / Math.max(1, step.blocks));
    if (percent >= told + 10) {
      told = percent;
      how.tell(`${Math.min(100, percent)} %, records moved: ${done.moved}`);
    }
    if (broken.size > 0 && !how.skipBroken) break;
  }
  done.broken.push(...broken);
}

async function countUnder(ask: Ask, which: Which, begun: Begun | Rotation): Promise<number> {
  const ids = new Set([...begun.rotated, ...begun.unfinished].map(({ id }) => id));
  const { keys } = await ask<{ keys: Counted[] }>('/keys/census', which);
  return sumOf(keys.filter(({ id, purpose }) => ids.has(id) && moved.includes(purpose)));
}
