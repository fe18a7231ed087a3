import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Shop } from './shop.ts';

type Pair = { publicKey: KeyObject; privateKey: KeyObject };

/** A registered signing key with its private half. */
export type Signer = { id: string; pair: Pair };

type Asked = {
  method: string;
  path: string;
  body?: object | string;
  headers?: Record<string, string>;
};
type Other = {
  created?: number;
  nonce?: string;
  /** What it is signed for, when that is not where it goes. */
  origin?: string;
  pair?: Pair;
  keyid?: string;
};

/** What goes over the wire. Changed, it is what somebody in the middle makes of it. */
export type SignedCall = {
  method: string;
  path: string;
  raw: string | undefined;
  headers: Record<string, string>;
};

export const newPair = (): Pair => generateKeyPairSync('ed25519');
export const base64Of = ({ publicKey }: Pair): string =>
  Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');

export async function register(shop: Shop, more: object = {}, pair = newPair()): Promise<Signer> {
  const created = await shop.operator.call('POST', '/operator/api_keys', {
    organization: shop.organization,
    mode: 'test',
    name: 'signing',
    kind: 'signing',
    public_key: base64Of(pair),
    ...more,
  });
  return { id: String(created['id']), pair };
}

/** Signs as RFC 9421 says, with nothing of the SDK or the server. */
export function signCall(shop: Shop, signer: Signer, asked: Asked, other: Other = {}): SignedCall {
  const { method, path, body } = asked;
  const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers: Record<string, string> = { ...asked.headers };
  if (raw !== undefined) {
    const digest = createHash('sha256').update(raw).digest('base64');
    headers['content-type'] = 'application/json';
    headers['content-digest'] = `sha-256=:${digest}:`;
  }
  if (method === 'POST') headers['idempotency-key'] ??= randomBytes(12).toString('hex');
  const covered: [string, string][] = [
    ['@method', method],
    ['@target-uri', `${other.origin ?? shop.api.origin}${path}`],
    ...Object.entries(headers),
  ];
  const created = other.created ?? Math.floor(Date.now() / 1000);
  const nonce = other.nonce ?? randomBytes(16).toString('hex');
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const keyid = other.keyid ?? signer.id;
  const input = `(${names});created=${created};keyid="${keyid}";nonce="${nonce}"`;
  const lines = covered.map(([name, value]) => `"${name}": ${value}\n`).join('');
  const base = Buffer.from(`${lines}"@signature-params": ${input}`);
  const { privateKey } = other.pair ?? signer.pair;
  headers['signature-input'] = `sig=${input}`;
  headers['signature'] = `sig=:${sign(null, base, privateKey).toString('base64')}:`;
  return { method, path, raw, headers };
}

export function send(shop: Shop, { method, path, raw, headers }: SignedCall) {
  return shop.api.call(method, path, { headers, ...(raw === undefined ? {} : { raw }) });
}
