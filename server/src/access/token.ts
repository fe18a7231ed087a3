import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { secretBytes } from '../core/random.ts';

/** 256 bits in base64url: the secret of a session or of a link. */
type Token = { readonly plain: string; readonly hash: Buffer };

const shape = /^[A-Za-z0-9_-]{43}$/;

/** A new secret. Only its hash is stored (ASVS 7.2.3). */
export function newToken(): Token {
  const plain = secretBytes(32).toString('base64url');
  return { plain, hash: hashToken(plain) };
}

/** SHA-256: a token has 256 bits of its own, so nothing slower is needed. */
export function hashToken(plain: string): Buffer {
  return createHash('sha256').update(plain).digest();
}

/** Whether a text has the form of a token. */
export function isToken(text: string): boolean {
  return shape.test(text);
}

/** What a session's changes carry as PayOS-CSRF: follows from the cookie, and is never stored. */
export function csrfToken(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('payos csrf').digest('base64url');
}

/** Compares without telling by its time how much was right. */
export function isCsrfToken(sessionToken: string, given: unknown): boolean {
  const expected = Buffer.from(csrfToken(sessionToken));
  const presented = Buffer.from(typeof given === 'string' ? given : '');
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}
