import type { Answer } from './request.ts';
import type { Environment } from './sources.ts';
import { asker, logIn } from './vault.ts';
import { readVaultConfig, type VaultConfig } from './vault-config.ts';

/** Vault or OpenBao for a process that asks again and again, for as long as it runs. */
export type VaultSession = {
  /**
   * POSTs to a path of the API, without `/v1/`. A token that Vault does not take is replaced once:
   * by another login, or by what the token's file says now.
   *
   * @param deadline ends everything, logging in included
   * @param pauses waits before each further try, in milliseconds
   * @throws SettingRefused when Vault cannot be reached, limits our rate, fails or is sealed
   */
  post(
    path: string,
    body: object,
    deadline: AbortSignal,
    pauses: readonly number[],
  ): Promise<Answer>;
  /** Gives back the token of our own login. */
  close(): Promise<void>;
};

/**
 * Opens nothing yet: who we are is read, and Vault asked, when something is asked of it.
 *
 * @param env with `VAULT_ADDR` and what else Vault's own programs use
 */
export function openVaultSession(env: Environment): VaultSession {
  let current: Promise<Identity> | undefined;

  const identityBy = (deadline: AbortSignal, pauses: readonly number[]) => {
    const identity = current ?? identify(readVaultConfig(env), deadline, pauses);
    current = identity;
    identity.catch(() => {
      if (current === identity) current = undefined;
    });
    return identity;
  };

  return {
    post: async (path, body, deadline, pauses) => {
      const identity = identityBy(deadline, pauses);
      const { config, token } = await identity;
      const answer = await asker(config, deadline, pauses)('POST', path, token, body);
      if (answer.status !== 403) return answer;
      if (current === identity) current = undefined;
      const next = await identityBy(deadline, pauses);
      if (next.token === token) return answer;
      return asker(next.config, deadline, pauses)('POST', path, next.token, body);
    },
    close: async () => {
      const { config, token, isOurs } = (await current?.catch(() => undefined)) ?? {};
      if (isOurs !== true || config === undefined) return;
      const ask = asker(config, AbortSignal.timeout(closeMs), []);
      // If this fails, the token ends by itself.
      await ask('POST', 'auth/token/revoke-self', token).catch(() => {});
    },
  };
}

type Identity = { config: VaultConfig; token: string; isOurs: boolean };

const closeMs = 2_000;

async function identify(
  config: VaultConfig,
  deadline: AbortSignal,
  pauses: readonly number[],
): Promise<Identity> {
  const { identity } = config;
  if ('token' in identity) return { config, token: identity.token, isOurs: false };
  const token = await logIn(asker(config, deadline, pauses), identity);
  return { config, token, isOurs: true };
}
