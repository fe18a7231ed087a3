import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Secret = { SecretString: string } | { SecretBinary: string };
export type Reply = { status: number; body: unknown; error?: string };
export type AwsKeys = { id: string; secret: string };

export const region = 'eu-central-1';
const prefix = `arn:aws:secretsmanager:${region}:123456789012:secret:`;

export const failure = (error: string, Message: string, status = 400): Reply => ({
  status,
  body: { __type: error, Message },
  error,
});

/** AWS Secrets Manager, as far as reading secrets goes. */
export type AwsService = Awaited<ReturnType<typeof startAwsService>>;

/**
 * Starts a service that speaks the protocol of AWS Secrets Manager (JSON 1.1), believes a request
 * only when its Signature Version 4 is right, and answers with AWS's errors.
 */
export async function startAwsService(tls: { cert: string; key: string }) {
  const keys: AwsKeys = { id: `AKIA${randomName(16)}`, secret: randomBytes(30).toString('base64') };
  const secrets = new Map<string, Secret>();
  const state = {
    /** Answers this many requests with an error before it behaves. */
    trouble: undefined as { reply: Reply; times: number } | undefined,
    denied: new Set<string>(),
  };
  const asked: string[] = [];

  function getSecretValue(body: string): Reply {
    const { SecretId: id = '' } = JSON.parse(body) as { SecretId?: string };
    asked.push(id);
    const name = id.startsWith(prefix) ? id.slice(prefix.length).replace(/-\w{6}$/, '') : id;
    const who = 'User: arn:aws:iam::123456789012:user/payos is not authorized';
    if (state.denied.has(name)) return failure('AccessDeniedException', who);
    const secret = secrets.get(name);
    if (secret === undefined) {
      const message = "Secrets Manager can't find the specified secret.";
      return failure('ResourceNotFoundException', message);
    }
    const stages = { VersionId: randomUUID(), VersionStages: ['AWSCURRENT'] };
    const about = { ARN: `${prefix}${name}-a1b2c3`, Name: name, CreatedDate: 1793520000.123 };
    return { status: 200, body: { ...about, ...stages, ...secret } };
  }

  async function answer(request: IncomingMessage): Promise<Reply> {
    const body = await text(request);
    const refused = refuseSignature(request, body, keys);
    if (refused !== undefined) return refused;
    if (state.trouble !== undefined && state.trouble.times > 0) {
      state.trouble.times -= 1;
      return state.trouble.reply;
    }
    const { 'x-amz-target': target, 'content-type': type } = request.headers;
    if (type !== 'application/x-amz-json-1.1' || target !== 'secretsmanager.GetSecretValue') {
      return failure('UnknownOperationException', 'unknown operation');
    }
    return getSecretValue(body);
  }

  const server = createServer(tls, (request, response) => {
    void answer(request).then((reply) => send(response, reply));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    region,
    keys,
    secrets,
    state,
    asked,
    arnOf: (name: string) => `${prefix}${name}-a1b2c3`,
    /** What a process needs in its environment to find the service and be known to it. */
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `https://localhost:${port}`,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.id,
      AWS_SECRET_ACCESS_KEY: keys.secret,
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Answers as AWS does. */
export function send(response: ServerResponse, { status, body, error }: Reply): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
    ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
  });
  response.end(JSON.stringify(body));
}

export const throttled = failure('ThrottlingException', 'Rate exceeded');

const hash = (data: string) => createHash('sha256').update(data).digest('hex');
const mac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/**
 * Checks Signature Version 4 of a request without query.
 *
 * @param service as it is named in the scope of the signature
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function refuseSignature(
  request: IncomingMessage,
  body: string,
  keys: AwsKeys,
  service = 'secretsmanager',
): Reply | undefined {
  const scopeForm = `((\\d{8})/([^/]+)/${service}/aws4_request)`;
  const rest = 'SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})';
  const form = new RegExp(`^AWS4-HMAC-SHA256 Credential=([^/]+)/${scopeForm}, ${rest}$`);
  const match = form.exec(request.headers.authorization ?? '');
  if (match === null) return failure('IncompleteSignature', 'no signature', 403);
  const [, id, scope = '', day = '', place = '', names = '', signature = ''] = match;
  if (id !== keys.id || place !== region) {
    const message = 'The security token included in the request is invalid.';
    return failure('UnrecognizedClientException', message);
  }
  const date = String(request.headers['x-amz-date']);
  const headers = names.split(';');
  const isFresh = Math.abs(Date.parse(isoOf(date)) - Date.now()) < 5 * 60_000;
  const isBound = ['host', 'x-amz-date', 'x-amz-target'].every((name) => headers.includes(name));
  const lines = headers.map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, '/', '', lines.join(''), names, hash(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n');
  const dayKey = mac(mac(`AWS4${keys.secret}`, day), place);
  const key = mac(mac(dayKey, service), 'aws4_request');
  const right = timingSafeEqual(mac(key, toSign), Buffer.from(signature, 'hex'));
  if (right && isFresh && isBound && date.startsWith(day)) return undefined;
  const message = 'The request signature we calculated does not match the signature you provided.';
  return failure('InvalidSignatureException', message);
}

/** `20261123T184300Z` as `2026-11-23T18:43:00Z` */
const isoOf = (date: string) =>
  date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');

const randomName = (length: number) =>
  randomBytes(length).toString('hex').toUpperCase().slice(0, length);
