export { VaultClient, VaultSilent } from './vault-client.ts';
