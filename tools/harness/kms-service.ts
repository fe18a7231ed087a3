import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AwsKeys, failure, type Reply, refuseSignature, region, send } from './aws-service.ts';

type Input = {
  KeyId?: string;
  Plaintext?: string;
  CiphertextBlob?: string;
  EncryptionContext?: Record<string, string>;
};

/** The states of a key that PayOS can come across, and what KMS says in them. */
const states = {
  Enabled: undefined,
  Disabled: failure('DisabledException', 'the key is disabled.'),
  PendingDeletion: failure('KMSInvalidStateException', 'the key is pending deletion.'),
} as const;

/** The keys, and what can be done with them. */
function playKeys() {
  const material = new Map<string, Buffer>();
  const state = {
    /** Answers so many requests with an error before it behaves. */
    trouble: undefined as { reply: Reply; times: number } | undefined,
    /** Takes requests and answers none. */
    silent: false,
    /** Answers as if another key had been used. */
    lies: false,
    denied: new Set<string>(),
    keys: new Map<string, keyof typeof states>(),
  };
  const asked: { act: string; input: Input }[] = [];

  function newKey(): string {
    const arn = `arn:aws:kms:${region}:123456789012:key/${randomUUID()}`;
    material.set(arn, randomBytes(32));
    state.keys.set(arn, 'Enabled');
    return arn;
  }

  function use(act: string, input: Input): Reply {
    const { KeyId = '' } = input;
    asked.push({ act, input });
    const key = material.get(KeyId);
    if (key === undefined) return failure('NotFoundException', `Key '${KeyId}' does not exist`);
    if (state.denied.has(act)) {
      const who = 'User: arn:aws:iam::123456789012:user/payos is not authorized to perform';
      return failure('AccessDeniedException', `${who}: kms:${act}`);
    }
    const wrong = states[state.keys.get(KeyId) ?? 'Enabled'];
    if (wrong !== undefined) return wrong;
    const answered = state.lies ? `${KeyId.slice(0, -1)}x` : KeyId;
    const aad = Buffer.from(JSON.stringify(Object.entries(input.EncryptionContext ?? {}).sort()));
    if (act === 'Encrypt') {
      const sealed = seal(key, KeyId, aad, Buffer.from(input.Plaintext ?? '', 'base64'));
      return { status: 200, body: { CiphertextBlob: sealed.toString('base64'), KeyId: answered } };
    }
    const blob = Buffer.from(input.CiphertextBlob ?? '', 'base64');
    const named = blob.subarray(1, 1 + (blob[0] ?? 0)).toString();
    if (named !== KeyId) return failure('IncorrectKeyException', 'another key');
    const plain = open(key, aad, blob.subarray(1 + named.length));
    if (plain === undefined) return failure('InvalidCiphertextException', '');
    return { status: 200, body: { Plaintext: plain.toString('base64'), KeyId: answered } };
  }
  return { state, asked, newKey, use };
}

/**
 * Starts a service that speaks the protocol of AWS KMS (JSON 1.1) as far as encrypting and
 * decrypting with symmetric keys goes. It believes a request only when its Signature Version 4 is
 * right, and answers with AWS's errors. What it encrypts is bound to the encryption context,
 * whatever the order of its members.
 */
export async function startKmsService(tls: { cert: string; key: string }) {
  const keys: AwsKeys = { id: `AKIA${randomBytes(8).toString('hex')}`.toUpperCase(), secret: 's3' };
  const service = playKeys();
  const { state, asked, newKey } = service;

  async function answer(request: IncomingMessage): Promise<Reply> {
    const body = await text(request);
    const refused = refuseSignature(request, body, keys, 'kms');
    if (refused !== undefined) return refused;
    if (state.trouble !== undefined && state.trouble.times > 0) {
      state.trouble.times -= 1;
      return state.trouble.reply;
    }
    const { 'x-amz-target': target, 'content-type': type } = request.headers;
    const act = /^TrentService\.(Encrypt|Decrypt)$/.exec(String(target))?.[1];
    if (type !== 'application/x-amz-json-1.1' || act === undefined) {
      return failure('UnknownOperationException', 'unknown operation');
    }
    return service.use(act, JSON.parse(body) as Input);
  }

  const server = createServer(tls, (request, response) => {
    if (!state.silent) void answer(request).then((reply) => send(response, reply));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    newKey,
    state,
    asked,
    /** What a process needs in its environment to find the service and be known to it. */
    environment: {
      AWS_ENDPOINT_URL_KMS: `https://localhost:${port}`,
      AWS_ACCESS_KEY_ID: keys.id,
      AWS_SECRET_ACCESS_KEY: keys.secret,
      AWS_CONFIG_FILE: '/nowhere',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function seal(key: Buffer, name: string, aad: Buffer, plain: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  const head = Buffer.from([name.length]);
  return Buffer.concat([head, Buffer.from(name), iv, cipher.getAuthTag(), body]);
}

function open(key: Buffer, aad: Buffer, sealed: Buffer): Buffer | undefined {
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(aad);
    cipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]);
  } catch {
    return undefined;
  }
}
