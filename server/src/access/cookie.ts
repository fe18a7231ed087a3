import type { IncomingMessage } from 'node:http';
import { isToken } from './token.ts';

/**
 * `__Host-`: the browser takes it only over HTTPS, for the whole host, and from no other subdomain
 * (RFC 6265bis §4.1.3.2).
 */
const name = '__Host-payos_session';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** The session token a browser sent. A cookie that occurs twice is somebody's attempt: none. */
export function readSessionCookie(request: IncomingMessage): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const values = pairs.filter((pair) => pair.startsWith(`${name}=`));
  const value = values[0]?.slice(name.length + 1);
  return values.length === 1 && value !== undefined && isToken(value) ? value : undefined;
}

/** `Set-Cookie` for a session. It dies with the browser; the server decides before that. */
export function sessionCookie(token: string): Record<string, string> {
  return { 'set-cookie': `${name}=${token}; ${attributes}` };
}

/** `Set-Cookie` that takes the session away. */
export function noSessionCookie(): Record<string, string> {
  return { 'set-cookie': `${name}=; ${attributes}; Max-Age=0` };
}
