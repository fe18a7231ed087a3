import { SettingRefused } from 'payos-contract/settings';
import { type Answer, isDistrust, send } from './request.ts';
import type { Environment, Secret, Service } from './sources.ts';
import { readVaultConfig, type VaultConfig } from './vault-config.ts';

type Ask = (method: 'GET' | 'POST', path: string, token?: string, body?: object) => Promise<Answer>;

/**
 * The KV engine of HashiCorp Vault or OpenBao, version 2; version 1 and mounts with a `/` in their
 * name by the path of the API.
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
 * @see https://developer.hashicorp.com/vault/api-docs/auth/approle#login-with-approle
 */
export function openVault(env: Environment, deadline: AbortSignal): Service {
  let session: Promise<{ ask: Ask; token: string; isOurs: boolean }> | undefined;
  const begin = async () => {
    const config = readVaultConfig(env);
    const ask = asker(config, deadline);
    if ('token' in config.identity) return { ask, token: config.identity.token, isOurs: false };
    return { ask, token: await logIn(ask, config.identity), isOurs: true };
  };
  return {
    read: async (path) => {
      session ??= begin();
      const { ask, token } = await session;
      return secretOf(path, await ask('GET', apiPath(path), token));
    },
    close: async () => {
      const { ask, token, isOurs } = (await session?.catch(() => undefined)) ?? {};
      if (!isOurs || ask === undefined) return;
      // Nobody needs the token of our login any more. If this fails, it ends by itself.
      await ask('POST', 'auth/token/revoke-self', token).catch(() => {});
    },
  };
}

/** `secret/payos` is `secret/data/payos` of the API; `/secret/data/payos` is taken as it is. */
function apiPath(path: string): string {
  const [mount = '', ...rest] = path.replace(/^\//, '').split('/');
  return (path.startsWith('/') ? [mount, ...rest] : [mount, 'data', ...rest]).join('/');
}

/**
 * Speaks to Vault within a deadline. Answers below 500 are the caller's to judge, but for 429 and
 * redirects.
 *
 * @throws SettingRefused when there is no such answer, in one sentence
 */
export function asker(
  { address, namespace, ca }: VaultConfig,
  deadline: AbortSignal,
  pauses?: readonly number[],
): Ask {
  const base = `${address.origin}${address.pathname.replace(/\/+$/, '')}/v1/`;
  const place = `Vault at ${address.origin}`;
  return async (method, path, token, body) => {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'x-vault-request': 'true',
    };
    if (namespace !== undefined) headers['x-vault-namespace'] = namespace;
    if (token !== undefined) headers['x-vault-token'] = token;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      const url = new URL(base + path.split('/').map(encodeURIComponent).join('/'));
      const answer = await send({ method, url, headers, body: text, ca }, deadline, pauses);
      refuseOutage(place, answer);
      return answer;
    } catch (error) {
      if (error instanceof SettingRefused) throw error;
      throw new SettingRefused(noAnswer(place, error));
    }
  };
}

function noAnswer(place: string, error: unknown): string {
  const { name, code } = error as NodeJS.ErrnoException;
  if (isDistrust(error)) {
    return `the certificate of ${place} is not trusted (${code}). Set VAULT_CACERT to its CA.`;
  }
  const why = name === 'TimeoutError' || name === 'AbortError' ? 'no answer in time' : code;
  const reason = why ?? 'no sound answer';
  return `${place} cannot be reached (${reason}). Check VAULT_ADDR and the network.`;
}

/** What is wrong with the service, and not with one secret. */
function refuseOutage(place: string, { status, body }: Answer): void {
  if (status === 429) throw new SettingRefused(`${place} limits our rate (429). Start again soon.`);
  if (status >= 500) {
    const errors = (body as { errors?: unknown } | undefined)?.errors;
    const isSealed = Array.isArray(errors) && errors.includes('Vault is sealed');
    const state = isSealed ? 'is sealed (503). Unseal it' : `fails (${status}). See its log`;
    throw new SettingRefused(`${place} ${state}, then start again.`);
  }
  if (status >= 300 && status < 400) {
    throw new SettingRefused(`${place} sends us elsewhere (${status}). Correct VAULT_ADDR.`);
  }
}

/** @returns the token of an AppRole @throws SettingRefused */
export async function logIn(
  ask: Ask,
  identity: { roleId: string; secretId: string },
): Promise<string> {
  const body = { role_id: identity.roleId, secret_id: identity.secretId };
  const answer = await ask('POST', 'auth/approle/login', undefined, body);
  const token = (answer.body as { auth?: { client_token?: unknown } } | undefined)?.auth
    ?.client_token;
  if (answer.status === 200 && typeof token === 'string') return token;
  throw new SettingRefused(
    `Vault refuses the AppRole login (${answer.status}). Check VAULT_ROLE_ID, VAULT_SECRET_ID ` +
      'and VAULT_NAMESPACE; a secret id may have expired or been used up.',
  );
}

function secretOf(path: string, { status, body }: Answer): Secret {
  const data = (body as { data?: unknown } | undefined)?.data;
  const { data: inner, metadata } = (data ?? {}) as { data?: unknown; metadata?: unknown };
  const isVersioned = typeof metadata === 'object' && metadata !== null;
  const fields = isVersioned ? inner : data;
  if (status === 200 && typeof fields === 'object' && fields !== null) return fields as Secret;
  throw new SettingRefused(`vault://${path}: ${whyNot(path, status, isVersioned)}`);
}

function whyNot(path: string, status: number, isDeleted: boolean): string {
  if (status === 403) {
    return `Vault refuses the token, or does not let it read ${apiPath(path)} (403).`;
  }
  if (status === 404 && isDeleted) return 'the newest version of the secret was deleted.';
  if (status !== 404) return `Vault answered ${status} and no secret.`;
  return /^[^/]+\/data\//.test(path)
    ? 'there is no such secret. Write the path without "data/".'
    : 'there is no such secret (404). Check path, mount and VAULT_NAMESPACE; see docs/secrets.md.';
}
