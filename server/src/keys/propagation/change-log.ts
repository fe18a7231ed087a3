import type { SeenChange } from './feed-statements.ts';

/** Changes kept for those who ask; whoever is further behind starts anew. */
const keptMax = 10_000;

/** The changes that this process has seen, for vaults that follow through it. */
export class ChangeLog {
  readonly #node: string;
  /** Grows whenever changes may have been missed: cursors from before are worth nothing then. */
  #era = 0;
  #kept: SeenChange[] = [];
  #dropped = 0;
  readonly #waiting = new Set<() => void>();

  constructor(node: string) {
    this.#node = node;
  }

  push(changes: readonly SeenChange[]): void {
    if (changes.length === 0) return;
    this.#kept.push(...changes);
    const surplus = this.#kept.length - keptMax;
    if (surplus > 0) {
      this.#kept = this.#kept.slice(surplus);
      this.#dropped += surplus;
    }
    this.#wakeAll();
  }

  restart(): void {
    this.#era += 1;
    this.#kept = [];
    this.#dropped = 0;
    this.#wakeAll();
  }

  /** Where the log ends now. */
  cursor(): string {
    return `${this.#node}/${this.#era}/${this.#dropped + this.#kept.length}`;
  }

  /** What came after a cursor; undefined when that is not known any more. */
  since(cursor: string | null): readonly SeenChange[] | undefined {
    return this.between(cursor, this.cursor());
  }

  /** What came after one cursor, up to another. */
  between(from: string | null, to: string): readonly SeenChange[] | undefined {
    const [start, end] = [this.#placeOf(from), this.#placeOf(to)];
    if (start === undefined || end === undefined) return undefined;
    return this.#kept.slice(start, end);
  }

  /** Everything kept up to a cursor. */
  until(cursor: string): readonly SeenChange[] | undefined {
    const end = this.#placeOf(cursor);
    return end === undefined ? undefined : this.#kept.slice(0, end);
  }

  /** Resolves when there is something after the cursor, or `ms` have passed. */
  async beyond(cursor: string | null, ms: number): Promise<void> {
    if (this.since(cursor)?.length !== 0) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }

  #placeOf(cursor: string | null): number | undefined {
    const [node, era, sequence] = cursor?.split('/') ?? [];
    const place = Number(sequence) - this.#dropped;
    if (node !== this.#node || Number(era) !== this.#era) return undefined;
    return place >= 0 && place <= this.#kept.length ? place : undefined;
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
