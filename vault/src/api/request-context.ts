import { createHash, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { aboutWhom, contextSecondsMax, contextText, ownedIn, schemas } from 'payos-contract';
import { Compile } from 'typebox/compile';
import { Refusal } from '../core/problem.ts';
import type { UsedOnce } from '../core/used-once.ts';

type Actor = schemas.VaultClaims['actor'];
type Signer = { actor: Actor; key: KeyObject };

/** Public keys by their names, each with the process that signs with it. */
export type Signers = ReadonlyMap<string, Signer>;

/** Why a context was refused. For the log; whoever asks is told nothing. */
type Fault =
  | 'missing'
  | 'malformed'
  | 'unknown_key'
  | 'wrong_signature'
  | 'other_actor'
  | 'other_vault'
  | 'other_operation'
  | 'wrong_life'
  | 'not_yet'
  | 'expired'
  | 'used'
  | 'other_body'
  | 'other_owner';

/** A context whose signature holds; what it says of the body is still to be compared. */
type Context = {
  /** Throws {@link Refusal} unless these are the bytes that were signed for. */
  acceptBody(bytes: Buffer): void;
  /** Throws {@link Refusal} unless the body is about whom the claims are. */
  acceptOwners(body: Parameters<typeof ownedIn>[0]): void;
};

const claimsCheck = Compile(schemas.VaultClaims);
/** `iat` may be this much later than our clock, in seconds. */
const aheadMax = 5;

/**
 * Reads what signatures are known by.
 *
 * @param pems by process, one or two public keys each: two while one replaces the other
 * @throws Error with what is wrong with them
 */
export function readSigners(pems: Readonly<Record<Actor, string>>): Signers {
  const signers = new Map<string, Signer>();
  for (const [actor, text] of Object.entries(pems) as [Actor, string][]) {
    const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
    for (const pem of blocks) {
      const key = createPublicKey(pem);
      if (key.asymmetricKeyType !== 'ed25519') {
        throw new Error(`a signing key of ${actor} is not an Ed25519 key`);
      }
      const spki = key.export({ type: 'spki', format: 'der' });
      const kid = createHash('sha256').update(spki).digest('hex').slice(0, 32);
      if (signers.has(kid)) throw new Error(`a signing key of ${actor} is listed twice`);
      signers.set(kid, { actor, key });
    }
  }
  return signers;
}

type ContextCheckOptions = {
  signers: Signers;
  /** The name of this process, made anew at each start. */
  audience: string;
  used: UsedOnce;
  /** Milliseconds since 1970. */
  clock: () => number;
};

/**
 * Checks the signed context of a request before its body is read: who signed, for which vault
 * process, for which operation, when, and that it was not used before.
 *
 * @returns a function of the header, the name in the certificate, `METHOD /path`, and what is told
 *   why a context is refused and, where time is why, how many seconds ago by our clock it was made:
 *   fewer than none when the other clock is ahead. It throws {@link Refusal} `context_refused`, or
 *   `unavailable` when no more can be remembered
 */
export function createContextCheck({ signers, audience, used, clock }: ContextCheckOptions) {
  return (
    sent: string | string[] | undefined,
    peer: string,
    operation: string,
    note: (fault: Fault, seconds?: number) => void,
  ): Context => {
    const refuse = (fault: Fault, seconds?: number): never => {
      note(fault, seconds);
      throw new Refusal('context_refused');
    };
    if (typeof sent !== 'string') return refuse('missing');
    const claims = readClaims(sent, signers, refuse);
    if (signers.get(claims.kid)?.actor !== claims.actor || claims.actor !== peer) {
      return refuse('other_actor');
    }
    if (claims.aud !== audience) return refuse('other_vault');
    if (claims.operation !== operation) return refuse('other_operation');
    const now = clock() / 1000;
    const life = claims.exp - claims.iat;
    if (life < 0 || life > contextSecondsMax) return refuse('wrong_life');
    const age = Math.round(now - claims.iat);
    if (claims.iat > now + aheadMax) return refuse('not_yet', age);
    if (now >= claims.exp) return refuse('expired', age);
    const use = used.take(claims.jti);
    if (use === 'full') throw new Refusal('unavailable');
    if (use === 'again') return refuse('used');
    return {
      acceptBody: (bytes) => {
        const digest = createHash('sha256').update(bytes).digest();
        const claimed = Buffer.from(claims.digest, 'base64url');
        if (claimed.length !== digest.length || !timingSafeEqual(claimed, digest)) {
          refuse('other_body');
        }
      },
      acceptOwners: (body) => {
        const { owners, token } = aboutWhom(ownedIn(body));
        const isSame = String(claims.owners) === String(owners) && claims.token === token;
        if (!isSame) refuse('other_owner');
      },
    };
  };
}

export type ContextCheck = ReturnType<typeof createContextCheck>;

/** The claims, once their signature has been found to be of one of the signers. */
function readClaims(
  sent: string,
  signers: Signers,
  refuse: (fault: Fault) => never,
): schemas.VaultClaims {
  const [text = '', signature = '', ...more] = sent.split('.');
  const claims = parse(text);
  if (more.length > 0 || !claimsCheck.Check(claims)) return refuse('malformed');
  const signer = signers.get(claims.kid);
  if (signer === undefined) return refuse('unknown_key');
  const bytes = Buffer.from(signature, 'base64url');
  const isSigned = verify(null, Buffer.from(contextText(text)), signer.key, bytes);
  return isSigned ? claims : refuse('wrong_signature');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
