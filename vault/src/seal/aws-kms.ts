import type { KMSClient } from '@aws-sdk/client-kms';
import { type KeyContext, type KeyProvider, SealBroken } from './key-provider.ts';
import {
  KeyServiceFailed,
  KeyServiceMisconfigured,
  keyServiceMs,
  rootHead,
  splitWrapped,
  within,
} from './key-service.ts';

type Sdk = typeof import('@aws-sdk/client-kms');

const format = 2;
const arn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]+$/;

/**
 * AWS KMS, by the SDK of AWS: credentials come from where its programs have them. The encryption
 * context is authenticated by KMS and stands in CloudTrail, in the clear.
 *
 * Wrapped form: see `rootHead`, the root being the ARN of the key, then KMS's ciphertext.
 *
 * @param arns the key for new data first; the others only open what they wrapped
 * @throws KeyServiceMisconfigured
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 */
export function openAwsKms(arns: readonly string[]): KeyProvider {
  const current = arns[0];
  if (current === undefined || !arns.every((key) => arn.test(key))) {
    throw new KeyServiceMisconfigured(
      'PAYOS_VAULT_KMS_KEY must be the ARN of a key, arn:aws:kms:REGION:ACCOUNT:key/ID. Whoever ' +
        'may change an alias could put another key behind it.',
    );
  }
  const clients = new Map<string, KMSClient>();
  const loading = import('@aws-sdk/client-kms');
  loading.catch(() => {});

  async function ask<T>(key: string, work: Work<T>): Promise<T> {
    const sdk = await loading;
    const region = arn.exec(key)?.[1] ?? '';
    const client = clients.get(region) ?? openClient(sdk, region);
    clients.set(region, client);
    const signal = AbortSignal.timeout(keyServiceMs);
    try {
      return await within(keyServiceMs, work(sdk, client, signal));
    } catch (error) {
      throw translate(key, error);
    }
  }

  return {
    name: 'aws-kms',
    fitForLive: true,
    isRemote: true,
    root: rootHead(format, current),
    opens: (root) => arns.some((key) => rootHead(format, key).equals(root)),
    wrap: async (key, context) => {
      const answer = await ask(current, (sdk, client, abortSignal) => {
        const EncryptionContext = contextOf(context);
        const input = { KeyId: current, Plaintext: key, EncryptionContext };
        return client.send(new sdk.EncryptCommand(input), { abortSignal });
      });
      if (answer.CiphertextBlob === undefined || answer.KeyId !== current) throw wrongKey();
      return Buffer.concat([rootHead(format, current), answer.CiphertextBlob]);
    },
    unwrap: async (wrapped, context) => {
      const { root, rest } = splitWrapped(format, wrapped);
      // A key of somebody else's would open as well what they wrapped with it.
      if (!arns.includes(root)) throw new SealBroken();
      const answer = await ask(root, (sdk, client, abortSignal) => {
        const EncryptionContext = contextOf(context);
        const input = { KeyId: root, CiphertextBlob: rest, EncryptionContext };
        return client.send(new sdk.DecryptCommand(input), { abortSignal });
      });
      if (answer.Plaintext === undefined || answer.KeyId !== root) throw wrongKey();
      return Buffer.from(
        answer.Plaintext.buffer,
        answer.Plaintext.byteOffset,
        answer.Plaintext.length,
      );
    },
    close: async () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}

type Work<T> = (sdk: Sdk, client: KMSClient, signal: AbortSignal) => Promise<T>;

const wrongKey = () => new KeyServiceFailed('AWS KMS answered with another key than was asked.');

function contextOf({ organization, mode, purpose, version }: KeyContext): Record<string, string> {
  return { payos: 'kek/v1', organization, mode, purpose, version: String(version) };
}

function openClient(sdk: Sdk, region: string): KMSClient {
  const client = new sdk.KMSClient({
    region,
    // The SDK waits between tries with jitter, and stops repeating when most tries fail.
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      if ((args.request as { protocol?: string }).protocol !== 'https:') {
        throw new KeyServiceFailed('The endpoint set for AWS KMS is not https.');
      }
      return next(args);
    },
    { step: 'finalizeRequest', name: 'refusePlainHttp' },
  );
  return client;
}

/** By the name of the error: its message may quote what was sent. */
function translate(key: string, error: unknown): unknown {
  if (error instanceof KeyServiceFailed) return error;
  const { name, code } = error as NodeJS.ErrnoException;
  switch (name) {
    case 'InvalidCiphertextException':
    case 'IncorrectKeyException':
      return new SealBroken();
    case 'DisabledException':
      return new KeyServiceFailed(`${key} is disabled.`);
    case 'KMSInvalidStateException':
      return new KeyServiceFailed(`${key} cannot be used: it may be marked for deletion.`);
    case 'NotFoundException':
      return new KeyServiceFailed(`${key} does not exist.`);
    case 'AccessDeniedException':
      return new KeyServiceFailed(`AWS does not allow kms:Encrypt and kms:Decrypt with ${key}.`);
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return new KeyServiceFailed('There are no AWS credentials for the vault.');
    case 'ThrottlingException':
      return new KeyServiceFailed('AWS KMS limits our rate.');
    default:
      return new KeyServiceFailed(`AWS KMS gives no sound answer (${code ?? name}).`);
  }
}
