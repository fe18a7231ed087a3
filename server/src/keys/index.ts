export { authenticateByKey } from './authenticate.ts';
export { type Counted, countSpending, takeBackSpending } from './count-spending.ts';
export { loadPepper } from './hash-key.ts';
export { listKeysOf, revokeKeysOf } from './keys-of.ts';
export { KeyFeed, type KeyPropagation } from './propagation/key-feed.ts';
export { keyRoutes } from './routes.ts';
export type { VerifiedKey } from './verified-key.ts';
export { KeyVerifier } from './verify-key.ts';
export { KeyMemory } from './verify-memory.ts';
