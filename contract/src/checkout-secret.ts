import { apiKeyChecksum } from './api-key-format.ts';
import { idPrefixes, type Mode } from './ids.ts';

/**
 * The two secrets of a checkout session. `visit` opens its page: it stands behind the `#` of the
 * page's URL. `collect` follows from it and creates tokens in the vault, nothing else: it is what
 * the frames of the vault are given, whose URLs hold it.
 */
export type CheckoutSecretKind = 'visit' | 'collect';

/**
 * As text: `payos_<cs|cc>_<test|live>_<22 of the session's id><43 secret><6 checksum>`. 43 base62
 * characters carry 256 bits; the checksum is the one of API keys.
 */
type ParsedCheckoutSecret = { kind: CheckoutSecretKind; mode: Mode; session: string };

export const checkoutSecretLength = 43;
const shape =
  /^payos_(cs|cc)_(test|live)_([1-9A-HJ-NP-Za-km-z]{22})[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;

/** Parses a secret and checks its checksum. `undefined` means it can be no session's. */
export function parseCheckoutSecret(text: string): ParsedCheckoutSecret | undefined {
  const [, kind, mode, body, checksum] = shape.exec(text) ?? [];
  if (body === undefined || apiKeyChecksum(text.slice(0, -6)) !== checksum) return undefined;
  return {
    kind: kind === 'cs' ? 'visit' : 'collect',
    mode: mode === 'live' ? 'live' : 'test',
    session: `${idPrefixes.checkoutSession}_${body}`,
  };
}

/** Puts a secret together. @param secret base62, of the length exported above */
export function formatCheckoutSecret(
  kind: CheckoutSecretKind,
  mode: Mode,
  session: string,
  secret: string,
): string {
  const body = session.slice(idPrefixes.checkoutSession.length + 1);
  if (body.length !== 22 || secret.length !== checkoutSecretLength) {
    throw new RangeError('the parts of a checkout secret have fixed lengths');
  }
  const text = `payos_${kind === 'visit' ? 'cs' : 'cc'}_${mode}_${body}${secret}`;
  return text + apiKeyChecksum(text);
}
