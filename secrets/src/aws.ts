import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SettingRefused } from 'payos-contract/settings';
import { isLoopback } from './loopback.ts';
import type { Environment, Service } from './sources.ts';

type Sdk = typeof import('@aws-sdk/client-secrets-manager');

/**
 * AWS Secrets Manager, by the SDK of AWS: credentials and region come from where its programs
 * have them (environment, `~/.aws`, the role of the container or machine).
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function openAws(_env: Environment, deadline: AbortSignal): Service {
  const clients = new Map<string | undefined, SecretsManagerClient>();
  // Loaded only where it is used: it is by far the largest part of a start.
  const loading = import('@aws-sdk/client-secrets-manager');
  return {
    read: async (id) => {
      const sdk = await loading;
      const region = regionOf(id);
      const client = clients.get(region) ?? openClient(sdk, region);
      clients.set(region, client);
      return await Promise.race([readSecret(sdk, client, id, deadline), expire(deadline)]);
    },
    close: async () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}

/** An ARN says where the secret is: `arn:aws:secretsmanager:eu-central-1:…`. */
function regionOf(id: string): string | undefined {
  return /^arn:[^:]+:secretsmanager:([a-z0-9-]+):/.exec(id)?.[1];
}

function openClient(sdk: Sdk, region: string | undefined): SecretsManagerClient {
  const client = new sdk.SecretsManagerClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      refusePlainHttp(args.request);
      return next(args);
    },
    { step: 'finalizeRequest', name: 'refusePlainHttp' },
  );
  return client;
}

/** Another endpoint can be configured in many places; the answer holds the secret in the clear. */
function refusePlainHttp(request: unknown): void {
  const { protocol, hostname } = request as { protocol?: string; hostname?: string };
  if (protocol === 'https:' || isLoopback(hostname ?? '')) return;
  throw new SettingRefused(
    'the endpoint set for AWS Secrets Manager is not https: the secret would go in the clear.',
  );
}

async function readSecret(
  { GetSecretValueCommand }: Sdk,
  client: SecretsManagerClient,
  id: string,
  abortSignal: AbortSignal,
): Promise<string> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: id }), { abortSignal });
    if (answer.SecretString !== undefined) return answer.SecretString;
  } catch (error) {
    throw error instanceof SettingRefused ? error : new SettingRefused(reasonOf(id, error));
  }
  throw new SettingRefused(`aws-sm://${id}: the secret is binary. Store it as text.`);
}

/** The SDK looks for credentials without regard to the signal. */
function expire(deadline: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = () => reject(new SettingRefused(unreachable('no answer in time')));
    deadline.addEventListener('abort', refuse, { once: true });
  });
}

const unreachable = (why: string) =>
  `AWS Secrets Manager cannot be reached (${why}). Check AWS_REGION and the network.`;

/** By the name of the error: its message may quote what was sent. */
function reasonOf(id: string, error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  const secret = `aws-sm://${id}`;
  if (/^Region /.test(message))
    return 'AWS_REGION is not set. Set it, or refer to the secret by its ARN.';
  switch (name) {
    case 'ResourceNotFoundException':
      return `${secret}: there is no such secret in this region and account.`;
    case 'InvalidRequestException':
      return `${secret}: the secret cannot be read; it may be marked for deletion.`;
    case 'AccessDeniedException':
      return `${secret}: AWS does not allow it. Allow secretsmanager:GetSecretValue on it.`;
    case 'DecryptionFailure':
      return `${secret}: AWS cannot decrypt it. Allow kms:Decrypt on its key.`;
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return (
        'there are no AWS credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give ' +
        'this machine a role.'
      );
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'IncompleteSignature':
    case 'ExpiredTokenException':
      return `AWS refuses the credentials (${name}). Check them, and the clock of this machine.`;
    case 'ThrottlingException':
    case 'TooManyRequestsException':
      return 'AWS Secrets Manager limits our rate. Start again in a minute.';
    case 'InternalServiceError':
    case 'ServiceUnavailable':
      return 'AWS Secrets Manager fails. Start again when it is well.';
    case 'TimeoutError':
    case 'AbortError':
      return unreachable('no answer in time');
    default:
      return unreachable(code ?? name);
  }
}
