import { randomBytes } from 'node:crypto';

/** The only source of randomness in the launcher: `bytes` from the system's CSPRNG. */
export function random(bytes: number): Buffer {
  return randomBytes(bytes);
}

/** A password of 192 random bits that needs no escaping in a URL. */
export function randomPassword(): string {
  return random(24).toString('base64url');
}
