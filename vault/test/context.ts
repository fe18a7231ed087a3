import { createHash, createPublicKey, randomBytes, sign } from 'node:crypto';
import { aboutWhom, contextHeader, contextText, isId, ownedIn } from 'payos-contract';
import { signingKeyFiles } from '../../launcher/src/signing-keys.ts';
import { call, type Ground, internalTls, type Reply } from './support.ts';

export type Claims = Record<string, unknown>;

/** What the control plane would claim of a request. */
export function claimsOf(audience: string, path: string, body: string, name: string): Claims {
  const parsed = parse(body);
  const { owners, token } = aboutWhom(ownedIn(parsed));
  const iat = Math.floor(Date.now() / 1000);
  return {
    aud: audience,
    actor: name,
    operation: `POST ${path}`,
    owners,
    ...(isId('token', `${token}`) ? { token } : {}),
    digest: createHash('sha256').update(body).digest('base64url'),
    iat,
    exp: iat + 30,
    jti: randomBytes(16).toString('base64url'),
  };
}

function parse(body: string) {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

/** The header for claims, signed with the key of a process. */
export function signed(ground: Ground, claims: Claims, signer: string): string {
  const file = signingKeyFiles('internal', signer.replace('payos-', '')).key;
  const key = ground.pem(file);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update(spki).digest('hex').slice(0, 32);
  const text = Buffer.from(JSON.stringify({ kid, ...claims })).toString('base64url');
  const signature = sign(null, Buffer.from(contextText(text)), key).toString('base64url');
  return `${text}.${signature}`;
}

const audiences = new WeakMap<object, string>();

type Door = { internalPort: number };

/** The name of a running vault; none, while it says nothing. */
export async function audienceOf(ground: Ground, vault: Door): Promise<string> {
  const known = audiences.get(vault);
  if (known !== undefined) return known;
  const tls = internalTls(ground, 'payos-server');
  const options = { port: vault.internalPort, path: '/internal/context', method: 'GET', tls };
  const { json } = await call(options);
  if (typeof json.audience === 'string') audiences.set(vault, json.audience);
  return json.audience;
}

/** A request of a process of the control plane, signed by it. */
export async function askVault(
  ground: Ground,
  vault: Door,
  path: string,
  body: object,
  name = 'payos-server',
): Promise<Reply> {
  const text = JSON.stringify(body);
  const signer = name === 'payos-worker' ? name : 'payos-server';
  const claims = claimsOf(await audienceOf(ground, vault), path, text, name);
  return send(ground, vault, path, text, signed(ground, claims, signer), name);
}

/** A request with a context as it is given. */
export function send(
  ground: Ground,
  vault: Door,
  path: string,
  body: string,
  context: string | string[] | undefined,
  name = 'payos-server',
): Promise<Reply> {
  const headers = {
    'content-type': 'application/json',
    ...(context === undefined ? {} : { [contextHeader]: context }),
  };
  const tls = internalTls(ground, name);
  return call({ port: vault.internalPort, path, headers, tls }, body);
}
