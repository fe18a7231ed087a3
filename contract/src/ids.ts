/** Prefix of every public id: `<prefix>_<base58>`. One table, so that no two kinds collide. */
export const idPrefixes = {
  organization: 'org',
  apiKey: 'key',
  token: 'tok',
  cvcToken: 'cvc',
  fingerprint: 'fp',
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
  account: 'acc',
  member: 'mem',
  role: 'role',
  session: 'ses',
  invitation: 'inv',
  passkey: 'psk',
  factorReset: 'fre',
  checkoutSession: 'cs',
  forwardDestination: 'fdst',
  forward: 'fwd',
  mail: 'mail',
  attestation: 'ats',
  revealKey: 'rvk',
  reveal: 'rvl',
  finding: 'cdf',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Mode = 'test' | 'live';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** 58^22 > 2^128: every 16-byte value fits, and all encodings have the same length. */
const bodyLength = 22;

/** Encodes 16 bytes as 22 base58 characters; byte order and text order agree. */
export function encodeBase58(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError('encodeBase58 takes 16 bytes');
  // Big-endian 16-bit limbs divided by 58² in doubles: exact, and far faster than BigInt.
  const limbs = Array.from({ length: 8 }, (_, index) => {
    return ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0);
  });
  let text = '';
  for (let pair = 0; pair < bodyLength / 2; pair += 1) {
    let remainder = 0;
    for (let index = 0; index < 8; index += 1) {
      const value = remainder * 65536 + (limbs[index] ?? 0);
      limbs[index] = Math.floor(value / 3364);
      remainder = value % 3364;
    }
    text = base58.charAt(Math.floor(remainder / 58)) + base58.charAt(remainder % 58) + text;
  }
  return text;
}

/** The number that base58 characters stand for; undoes {@link encodeBase58}. */
export function decodeBase58(text: string): bigint {
  return [...text].reduce(
    (value, character) => value * 58n + BigInt(base58.indexOf(character)),
    0n,
  );
}

/** JSON-Schema pattern that an id of this kind matches. */
export function idPattern(kind: IdKind): string {
  return `^${idPrefixes[kind]}_[1-9A-HJ-NP-Za-km-z]{22}$`;
}

/** Whether `text` has the shape of an id of this kind. Says nothing about its existence. */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(idPattern(kind)).test(text);
}
