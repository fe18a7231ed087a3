/** Blocks of two bytes, as numbers. */
const blocks = 65_536;

/**
 * Looks for many texts at once, in one pass (Wu and Manber, 1994): most bytes are leapt over,
 * because no text has such a pair of bytes near its beginning.
 */
export class ByteSearch {
  readonly #texts: [name: string, text: Buffer][];
  /** As much of each text as the shortest one has: what is compared by pairs. */
  readonly #length: number;
  /** How far the next match is away at least, by the last two bytes that were looked at. */
  readonly #shift: Uint8Array;
  readonly #endingWith = new Map<number, [name: string, text: Buffer][]>();

  /** @param wanted name → text, of two bytes or more */
  constructor(wanted: ReadonlyMap<string, Buffer>) {
    this.#texts = [...wanted];
    this.#length = Math.min(...this.#texts.map(([, { length }]) => length), 255);
    if (this.#length < 2) throw new Error('a text is too short to be looked for');
    this.#shift = new Uint8Array(blocks).fill(this.#length - 1);
    for (const one of this.#texts) this.#add(one);
  }

  get longest(): number {
    return Math.max(...this.#texts.map(([, { length }]) => length));
  }

  /** Names of the texts that are in the bytes. */
  in(bytes: Uint8Array): Set<string> {
    const found = new Set<string>();
    const { length } = bytes;
    for (let end = this.#length; end <= length; ) {
      const block = ((bytes[end - 2] ?? 0) << 8) | (bytes[end - 1] ?? 0);
      const shift = this.#shift[block] ?? 1;
      if (shift === 0) this.#compare(bytes, end - this.#length, block, found);
      end += shift || 1;
    }
    return found;
  }

  #add(one: [name: string, text: Buffer]): void {
    const [, text] = one;
    for (let end = 2; end <= this.#length; end += 1) {
      const block = text.readUInt16BE(end - 2);
      this.#shift[block] = Math.min(this.#shift[block] ?? 0, this.#length - end);
    }
    const last = text.readUInt16BE(this.#length - 2);
    this.#endingWith.set(last, [...(this.#endingWith.get(last) ?? []), one]);
  }

  #compare(bytes: Uint8Array, at: number, block: number, found: Set<string>): void {
    for (const [name, text] of this.#endingWith.get(block) ?? []) {
      if (found.has(name) || at + text.length > bytes.length) continue;
      if (text.equals(bytes.subarray(at, at + text.length))) found.add(name);
    }
  }
}
