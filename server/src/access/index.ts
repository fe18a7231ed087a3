export { authenticateBySession } from './authenticate.ts';
export { readSessionCookie } from './cookie.ts';
