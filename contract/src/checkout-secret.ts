import { apiKeyChecksum } from './api-key-format.ts';
import { idPrefixes, type Mode } from './ids.ts';

/**
 * The secret of a checkout session as text:
 * `payos_cs_<test|live>_<22 of the session's id><43 secret><6 checksum>`. 43 base62 characters
 * carry 256 bits; the checksum is the one of API keys.
 */
export type ParsedCheckoutSecret = { mode: Mode; session: string };

export const checkoutSecretLength = 43;
const shape = /^payos_cs_(test|live)_([1-9A-HJ-NP-Za-km-z]{22})[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;

/** Parses a secret and checks its checksum. `undefined` means it can be no session's. */
export function parseCheckoutSecret(text: string): ParsedCheckoutSecret | undefined {
  const [, mode, body, checksum] = shape.exec(text) ?? [];
  if (body === undefined || apiKeyChecksum(text.slice(0, -6)) !== checksum) return undefined;
  return {
    mode: mode === 'live' ? 'live' : 'test',
    session: `${idPrefixes.checkoutSession}_${body}`,
  };
}

/** Puts a secret together. @param random base62, of the length exported above */
export function formatCheckoutSecret(mode: Mode, session: string, random: string): string {
  const body = session.slice(idPrefixes.checkoutSession.length + 1);
  if (body.length !== 22 || random.length !== checkoutSecretLength) {
    throw new RangeError('the parts of a checkout secret have fixed lengths');
  }
  const text = `payos_cs_${mode}_${body}${random}`;
  return text + apiKeyChecksum(text);
}
