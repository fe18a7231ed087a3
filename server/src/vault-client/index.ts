export { contextSigner } from './context-signer.ts';
export { VaultSilent } from './exchange.ts';
export { VaultClient } from './vault-client.ts';
