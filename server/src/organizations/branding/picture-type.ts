import type { schemas } from 'payos-contract';

const beginnings: readonly (readonly [schemas.LogoType, RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/webp', /^52494646.{8}57454250/],
];

/**
 * What kind of picture it is, by its first bytes; nobody is asked. No SVG: that is a document, with
 * scripts and links.
 */
export function pictureType(picture: Buffer): schemas.LogoType | undefined {
  const head = picture.subarray(0, 12).toString('hex');
  return beginnings.find(([, pattern]) => pattern.test(head))?.[0];
}
