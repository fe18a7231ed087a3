import { crc32 } from './crc32.ts';
import type { Mode } from './ids.ts';

export type ApiKeyKind = 'secret' | 'publishable';

/**
 * An API key as text:
 * `payos_<sk|pk>_<test|live>_<12 public id><32 secret><6 checksum>`, the body in base62.
 * 32 base62 characters carry 190 bits; the checksum is CRC-32 over everything before it, so that
 * scanners and our own edge reject junk without a look-up.
 */
export type ParsedApiKey = {
  kind: ApiKeyKind;
  mode: Mode;
  /** Finds the row; may be shown. */
  publicId: string;
};

export const apiKeyPublicIdLength = 12;
export const apiKeySecretLength = 32;
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shape = /^payos_(sk|pk)_(test|live)_([0-9A-Za-z]{12})[0-9A-Za-z]{32}([0-9A-Za-z]{6})$/;

/** Parses a key and checks its checksum. `undefined` means it can be nobody's key. */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, kind, mode, publicId, checksum] = match;
  if (publicId === undefined || apiKeyChecksum(text.slice(0, -6)) !== checksum) return undefined;
  return {
    kind: kind === 'sk' ? 'secret' : 'publishable',
    mode: mode === 'live' ? 'live' : 'test',
    publicId,
  };
}

const secretAnywhere = /payos_sk_(?:test|live)_[0-9A-Za-z]{50}(?![0-9A-Za-z])/g;

/** Secret keys within a text, those whose checksum holds: an accident, wherever it is not meant. */
export function secretKeysIn(text: string): string[] {
  // Nearly every text is none of these: looking for the beginning costs least.
  if (!text.includes('payos_sk_')) return [];
  const found = [...text.matchAll(secretAnywhere)].map(([key]) => key);
  return found.filter((key) => parseApiKey(key) !== undefined);
}

/** Puts a key together from its random parts (base62, lengths as exported above). */
export function formatApiKey(kind: ApiKeyKind, mode: Mode, publicId: string, secret: string) {
  if (publicId.length !== apiKeyPublicIdLength || secret.length !== apiKeySecretLength) {
    throw new RangeError('the parts of an API key have fixed lengths');
  }
  const body = `payos_${kind === 'secret' ? 'sk' : 'pk'}_${mode}_${publicId}${secret}`;
  return body + apiKeyChecksum(body);
}

/** `length` base62 characters from random bytes; bytes that would bias the result are skipped. */
export function base62FromBytes(bytes: Uint8Array, length: number): string {
  let text = '';
  for (const byte of bytes) {
    if (byte < 248) text += base62.charAt(byte % 62);
    if (text.length === length) return text;
  }
  throw new RangeError('not enough random bytes');
}

/** CRC-32 as six base62 characters. */
export function apiKeyChecksum(text: string): string {
  let value = crc32(text);
  let digits = '';
  for (let index = 0; index < 6; index += 1) {
    digits = base62.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return digits;
}
