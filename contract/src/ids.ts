/** Prefix of every public id: `<prefix>_<base58>`. One table, so that no two kinds collide. */
export const idPrefixes = {
  organization: 'org',
  apiKey: 'key',
  token: 'tok',
  customer: 'cus',
  paymentMethod: 'pm',
  payment: 'pay',
  attempt: 'att',
  refund: 're',
  event: 'evt',
  webhookEndpoint: 'we',
  delivery: 'dlv',
  auditEntry: 'aud',
  request: 'req',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Mode = 'test' | 'live';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** 58^22 > 2^128: every 16-byte value fits, and all encodings have the same length. */
const bodyLength = 22;

/** Encodes 16 bytes as 22 base58 characters; byte order and text order agree. */
export function encodeBase58(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError('encodeBase58 takes 16 bytes');
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let index = 0; index < bodyLength; index += 1) {
    text = base58.charAt(Number(value % 58n)) + text;
    value /= 58n;
  }
  return text;
}

/** JSON-Schema pattern that an id of this kind matches. */
export function idPattern(kind: IdKind): string {
  return `^${idPrefixes[kind]}_[1-9A-HJ-NP-Za-km-z]{22}$`;
}

/** Whether `text` has the shape of an id of this kind. Says nothing about its existence. */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(idPattern(kind)).test(text);
}
