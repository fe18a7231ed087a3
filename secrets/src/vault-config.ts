import { SettingRefused } from 'payos-contract/settings';
import { readSettingFile } from './file.ts';
import { isLoopback } from './loopback.ts';
import type { Environment } from './sources.ts';

/** How Vault or OpenBao is reached, by the environment variables that its own programs use. */
export type VaultConfig = {
  address: URL;
  namespace: string | undefined;
  ca: string | undefined;
  /** Who we are: a token, or the two halves of an AppRole. */
  identity: { token: string } | { roleId: string; secretId: string };
};

/** @throws SettingRefused */
export function readVaultConfig(env: Environment): VaultConfig {
  const caFile = env['VAULT_CACERT'];
  return {
    address: addressOf(env['VAULT_ADDR'] ?? ''),
    namespace: env['VAULT_NAMESPACE'] || undefined,
    ca: caFile ? read('VAULT_CACERT', caFile, 'open') : undefined,
    identity: identityOf(env),
  };
}

function addressOf(text: string): URL {
  if (text === '') {
    throw new SettingRefused('VAULT_ADDR is not set. Set it, e.g. to https://vault.example:8200.');
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === 'http:' && isLoopback(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !isPlain) || /[?#@]/.test(text)) {
    throw new SettingRefused(
      'VAULT_ADDR must be a URL like https://vault.example:8200; http only on this machine.',
    );
  }
  return url;
}

function identityOf(env: Environment): VaultConfig['identity'] {
  const token = credentialOf(env, 'VAULT_TOKEN');
  const roleId = credentialOf(env, 'VAULT_ROLE_ID');
  const secretId = credentialOf(env, 'VAULT_SECRET_ID');
  if (token !== undefined && roleId === undefined && secretId === undefined) return { token };
  if (token === undefined && roleId !== undefined && secretId !== undefined) {
    return { roleId, secretId };
  }
  throw new SettingRefused(
    'to ask Vault, set either VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID ' +
      '(or the same with _FILE).',
  );
}

function credentialOf(env: Environment, name: string): string | undefined {
  const [direct = '', file = ''] = [env[name], env[`${name}_FILE`]];
  if (direct !== '' && file !== '') {
    throw new SettingRefused(`${name} and ${name}_FILE are both set. Set one of the two.`);
  }
  const text = file === '' ? direct : read(`${name}_FILE`, file, 'secret').trim();
  if (text === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(text)) throw new SettingRefused(`${name} is not one word.`);
  return text;
}

function read(name: string, path: string, guard: 'open' | 'secret'): string {
  try {
    return readSettingFile(path, guard).text;
  } catch (error) {
    if (!(error instanceof SettingRefused)) throw error;
    throw new SettingRefused(`${name}: ${error.message}`);
  }
}
