import type { KeyObject } from 'node:crypto';
import { readApiKeyForm } from './api-key.ts';
import { inBrowser, secretKeyFromEnvironment } from './environment.ts';
import { AuthenticationError, InvalidRequestError, PermissionError } from './errors.ts';
import { readSigningKey, signatureHeaders, type Unsigned } from './sign-request.ts';

/** An API key that signs requests instead of being sent with them. */
export type SigningKeyOption = {
  /** Its id in PayOS: `key_…`. */
  id: string;
  /** Ed25519: PEM as `payos keys generate-signing-key` writes it, or a `KeyObject` of Node. */
  privateKey: string | KeyObject;
};

export type CredentialOptions = {
  secretKey?: string | undefined;
  signingKey?: SigningKeyOption | undefined;
};

/** What shows who asks. Functions, so that no way of printing shows the key. */
export type Credential = Readonly<{
  kind: 'secret' | 'publishable' | 'signing';
  /** A signing key's id does not tell. */
  mode: 'test' | 'live' | undefined;
  /** Headers for one try; a signature is good for one only. */
  headersFor: (request: Unsigned) => Record<string, string>;
}>;

/** @throws PayOSError that never shows the key */
export function readCredential({ secretKey, signingKey }: CredentialOptions): Credential {
  if (signingKey === undefined) return bearerOf(secretKey ?? secretKeyFromEnvironment());
  if (secretKey !== undefined) {
    throw new InvalidRequestError({
      code: 'configuration',
      title: 'secretKey and signingKey are both given.',
      fix: 'Give the one that the requests are to be made with.',
    });
  }
  if (inBrowser()) throw secretInBrowser('signing');
  const key = readSigningKey(signingKey);
  const headersFor = (request: Unsigned) => signatureHeaders(key, request);
  return { kind: 'signing', mode: undefined, headersFor };
}

function bearerOf(key: string | undefined): Credential {
  if (key === undefined || key === '') {
    throw new AuthenticationError({
      code: 'missing_api_key',
      title: 'There is no API key.',
      fix: 'Pass { secretKey }, or set PAYOS_SECRET_KEY or PAYOS_SECRET_KEY_FILE.',
    });
  }
  const form = readApiKeyForm(key);
  if (form === undefined) {
    throw new AuthenticationError({
      code: 'invalid_api_key',
      title: 'The API key does not have the form of one.',
      fix: /\s/.test(key)
        ? 'It contains a space or a line break: remove it.'
        : 'Check that the whole key was copied: payos_sk_test_… or payos_sk_live_….',
    });
  }
  if (form.kind === 'secret' && inBrowser()) throw secretInBrowser('secret');
  const headersFor = () => ({ authorization: `Bearer ${key}` });
  return { kind: form.kind, mode: form.mode, headersFor };
}

function secretInBrowser(kind: 'secret' | 'signing'): PermissionError {
  return new PermissionError({
    code: 'configuration',
    title: `A ${kind} key must not be in a browser: everybody who opens the page can read it.`,
    fix: `Use the ${kind} key on your server, and a publishable key (payos_pk_…) here.`,
  });
}
