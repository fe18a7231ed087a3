import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { contextSecondsMax, contextText, type schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import { secretBytes } from '../core/random.ts';

/** A request to the vault, as it is signed for. */
type Signable = {
  /** The vault process that is asked. */
  audience: string;
  /** Method and path. */
  operation: string;
  about: { owners: string[]; token?: string };
  body: string;
};

export type SignContext = (request: Signable) => string;

/**
 * Makes signed contexts: what the vault acts on besides mTLS, so that a stolen certificate alone,
 * or a request that was recorded, gets nothing from it.
 *
 * @param pem Ed25519 private key, of this process and of no other use
 * @param actor name in this process's certificate
 */
export function contextSigner(pem: string, actor: schemas.VaultClaims['actor']): SignContext {
  const key = createPrivateKey(pem);
  const kid = nameOf(key);
  return ({ audience, operation, about, body }) => {
    const iat = Math.floor(clock.nowMs() / 1000);
    const claims: schemas.VaultClaims = {
      kid,
      aud: audience,
      actor,
      operation,
      ...about,
      digest: createHash('sha256').update(body).digest('base64url'),
      iat,
      exp: iat + contextSecondsMax,
      jti: secretBytes(16).toString('base64url'),
    };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const signature = sign(null, Buffer.from(contextText(text)), key);
    return `${text}.${signature.toString('base64url')}`;
  };
}

function nameOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex').slice(0, 32);
}
