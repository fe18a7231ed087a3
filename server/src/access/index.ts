export { authenticateBySession, isDomainAllowed, isWithin } from './authenticate.ts';
export { readSessionCookie, sessionCookie } from './cookie.ts';
export { createAccount, emailKey, enrollHours, type NewAccount } from './create-account.ts';
export { endSessions } from './end-sessions.ts';
export { defaultPolicy, permissionsByMode } from './find-session.ts';
export { createLink, readLink, spendLink } from './one-time-link.ts';
export { openSession } from './open-session.ts';
export { hashToken, newToken } from './token.ts';
