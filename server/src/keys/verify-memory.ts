import type { Changed } from './announce-change.ts';
import type { VerifiedKey } from './verified-key.ts';

type Entry = { key: VerifiedKey; era: number };

/** Keys remembered at most; the one not used for longest goes first. */
const keysMax = 20_000;

/**
 * Keys that were found genuine and usable, by a name that only who holds the secret can say: the
 * HMAC of the whole key. Nothing else ever gets in, so that strangers can neither fill it nor learn
 * from the time of an answer what is in it.
 *
 * A row that was read while it changed must not get in either. Whoever reads takes a
 * {@link Witness} first, which hears of every change from then on.
 */
export class KeyMemory {
  readonly #entries = new Map<string, Entry>();
  /** Names by the id of the key: changes come by id. */
  readonly #names = new Map<string, string>();
  readonly #witnesses = new Set<Witness>();
  #era = 0;

  /** A key that is remembered and counts. */
  get(name: string): VerifiedKey | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.era !== this.#era) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.key;
  }

  /** Whether it was genuine lately, even if that does not count any more. */
  knows(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Remembers a key that was read before `witness` was asked, unless it changed meanwhile. */
  put(name: string, key: VerifiedKey, witness: Witness): void {
    if (witness.saw(key)) return;
    this.forget(name);
    this.#entries.set(name, { key, era: this.#era });
    this.#names.set(key.id, name);
    if (this.#entries.size <= keysMax) return;
    const [oldest = ''] = this.#entries.keys();
    this.forget(oldest);
  }

  forget(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#names.delete(entry.key.id);
  }

  /** Forgets what a change concerns. */
  change(changed: Changed): void {
    for (const witness of this.#witnesses) witness.hear(changed);
    if (changed.key !== null) {
      this.forget(this.#names.get(changed.key) ?? '');
      return;
    }
    for (const [name, { key }] of this.#entries) if (concerns(changed, key)) this.forget(name);
  }

  /** Changes may have been missed: nothing counts any more. */
  doubt(): void {
    this.#era += 1;
    for (const witness of this.#witnesses) witness.hear(undefined);
  }

  /** To be taken before the database is asked, and closed after what it said was used. */
  witness(): Witness {
    const witness = new Witness((done) => this.#witnesses.delete(done));
    this.#witnesses.add(witness);
    return witness;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#entries.size;
  }
}

/** Hears what changes while the database is asked. */
export class Witness {
  readonly #heard: Changed[] = [];
  #doubt = false;
  readonly #end: (witness: Witness) => void;

  constructor(end: (witness: Witness) => void) {
    this.#end = end;
  }

  /** @param changed undefined: anything may have */
  hear(changed: Changed | undefined): void {
    if (changed === undefined) this.#doubt = true;
    else this.#heard.push(changed);
  }

  /** Whether the key may be another by now than what was read. */
  saw(key: Pick<VerifiedKey, 'id' | 'organization' | 'mode'>): boolean {
    return this.#doubt || this.#heard.some((changed) => concerns(changed, key));
  }

  close(): void {
    this.#end(this);
  }
}

function concerns(
  { organization, mode, key }: Changed,
  one: Pick<VerifiedKey, 'id' | 'organization' | 'mode'>,
): boolean {
  if (key !== null) return key === one.id;
  return organization === one.organization && mode === one.mode;
}
