export { authenticateByKey } from './authenticate.ts';
export { type Counted, countSpending, takeBackSpending } from './count-spending.ts';
export { loadPepper } from './hash-key.ts';
export { listKeysOf, revokeKeysOf } from './keys-of.ts';
export { keyRoutes } from './routes.ts';
export { KeyVerifier } from './verify-key.ts';
