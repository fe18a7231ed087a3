import { SettingRefused } from 'payos-contract/settings';
import type { VaultSession } from 'payos-secrets';
import { lengthPrefixed } from '../core/bytes.ts';
import { type KeyContext, type KeyProvider, SealBroken } from './key-provider.ts';
import {
  jitteredPauses,
  KeyServiceFailed,
  KeyServiceMisconfigured,
  keyServiceMs,
  rootHead,
  splitWrapped,
  within,
} from './key-service.ts';

const format = 3;
const keyLength = 32;
// No part is only dots: URLs would climb up by it.
const keyName = /^(?:[\w-][\w.-]*\/)+[\w-][\w.-]*$/;

/**
 * The transit engine of HashiCorp Vault (1.13 and later) or OpenBao: the key never leaves it.
 *
 * Wrapped form: see `rootHead`, the root being `mount/name`, then transit's ciphertext.
 *
 * @param names `mount/name` of the key for new data first; the others only open
 * @throws KeyServiceMisconfigured
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit#encrypt-data
 */
export function openVaultTransit(names: readonly string[], session: VaultSession): KeyProvider {
  const current = names[0];
  if (current === undefined || !names.every((name) => keyName.test(name))) {
    throw new KeyServiceMisconfigured(
      'PAYOS_VAULT_TRANSIT_KEY must be the mount and name of a key, such as transit/payos-vault.',
    );
  }

  async function ask(act: string, name: string, context: KeyContext, more: object) {
    const at = name.lastIndexOf('/');
    const path = `${name.slice(0, at)}/${act}/${name.slice(at + 1)}`;
    const bound = bindingOf(name, context);
    const body = { ...more, associated_data: bound, context: bound };
    const deadline = AbortSignal.timeout(keyServiceMs);
    const asking = session.post(path, body, deadline, jitteredPauses());
    const { status, body: answer } = await within(keyServiceMs, asking).catch((error) => {
      if (error instanceof SettingRefused) throw new KeyServiceFailed(sentence(error.message));
      throw error;
    });
    if (status === 200) return (answer as { data?: Record<string, unknown> } | undefined)?.data;
    throw translate(path, status, answer);
  }

  return {
    name: 'vault-transit',
    fitForLive: true,
    isRemote: true,
    root: rootHead(format, current),
    opens: (root) => names.some((name) => rootHead(format, name).equals(root)),
    wrap: async (key, context) => {
      const plaintext = Buffer.from(key).toString('base64');
      const ciphertext = (await ask('encrypt', current, context, { plaintext }))?.['ciphertext'];
      if (typeof ciphertext !== 'string') throw noAnswer();
      return Buffer.concat([rootHead(format, current), Buffer.from(ciphertext)]);
    },
    unwrap: async (wrapped, context) => {
      const { root, rest } = splitWrapped(format, wrapped);
      // The token may be allowed to use keys that are not ours.
      if (!names.includes(root)) throw new SealBroken();
      const ciphertext = rest.toString('latin1');
      const plaintext = (await ask('decrypt', root, context, { ciphertext }))?.['plaintext'];
      if (typeof plaintext !== 'string') throw noAnswer();
      const key = Buffer.from(plaintext, 'base64');
      if (key.length !== keyLength) throw new SealBroken();
      return key;
    },
    close: () => session.close(),
  };
}

const noAnswer = () => new KeyServiceFailed('Vault gave an answer without what was asked.');

/** Authenticated by AEAD keys, and derived from by keys that derive. */
function bindingOf(root: string, { mode, organization, purpose, version }: KeyContext): string {
  const parts = ['payos/kek/v1', root, mode, organization, purpose, version];
  return lengthPrefixed(parts).toString('base64');
}

/** What Vault says is compared, never passed on. */
function translate(path: string, status: number, body: unknown): Error {
  const errors = (body as { errors?: unknown } | undefined)?.errors;
  const said = Array.isArray(errors) ? errors.join(' ') : '';
  if (status === 403) return new KeyServiceFailed(`Vault refuses the token at ${path} (403).`);
  if (status === 404) return new KeyServiceFailed(`Vault has no transit engine at ${path} (404).`);
  if (/encryption key not found/.test(said)) {
    return new KeyServiceFailed(`Vault has no such key: ${path} (${status}).`);
  }
  if (/disallowed by policy/.test(said)) {
    return new KeyServiceFailed(`Vault does not open this version of the key any more: ${path}.`);
  }
  const isBroken = /message authentication failed|invalid ciphertext|unable to decrypt/;
  if (status === 400 && isBroken.test(said)) return new SealBroken();
  return new KeyServiceFailed(`Vault answered ${status} at ${path}.`);
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
