/**
 * Joins parts so that no two different lists give the same bytes: each part is preceded by its
 * length (unsigned 32 bits, big-endian). Used wherever bytes are authenticated.
 */
export function lengthPrefixed(parts: readonly (string | number | Uint8Array)[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = part instanceof Uint8Array ? part : Buffer.from(String(part), 'utf8');
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    pieces.push(length, bytes);
  }
  return Buffer.concat(pieces);
}

/** Undoes {@link lengthPrefixed}. Throws a RangeError when the bytes are not of that form. */
export function splitLengthPrefixed(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new RangeError('a part is longer than what is left');
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
}
