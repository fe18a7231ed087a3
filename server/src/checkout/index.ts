export { expireSessions } from './expire-session.ts';
export { beginTry, endTry, type Try } from './pay-session.ts';
export { checkoutRoutes } from './routes.ts';
export { collectingSecret, hashSecret } from './secret.ts';
export { type SessionRow, sessionColumns } from './session.ts';
export { withStatus } from './visitor-url.ts';
