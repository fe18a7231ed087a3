import { Buffer } from 'node:buffer';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { WebhookVerificationError } from './error.ts';

const prefix = 'whsec_';
const bytesMin = 24;
const bytesMax = 64;
const secretsMax = 10;

/**
 * The keys of one or several `whsec_…` secrets. All must be well formed: a broken one beside a good
 * one would only be noticed when the good one is rolled.
 *
 * @throws WebhookVerificationError `invalid_secret`
 */
export function readSecrets(secrets: string | readonly string[]): KeyObject[] {
  const list = typeof secrets === 'string' ? [secrets] : secrets;
  if (!Array.isArray(list) || list.length === 0 || list.length > secretsMax) {
    throw refused(`There are no secrets, or more than ${secretsMax}.`);
  }
  return list.map(readSecret);
}

/** Length is checked on the decoded bytes: an empty key would sign for everybody. */
function readSecret(secret: unknown): KeyObject {
  if (typeof secret !== 'string' || secret === '') throw refused('The secret is empty.');
  if (/\s/.test(secret)) throw refused('The secret contains a space or a line break.');
  if (!secret.startsWith(prefix)) throw refused(`The secret does not start with ${prefix}.`);
  const text = secret.slice(prefix.length);
  const bytes = Buffer.from(text, 'base64');
  const unpadded = text.replace(/={1,2}$/, '');
  if (bytes.toString('base64').replace(/=+$/, '') !== unpadded) {
    throw refused('The secret is not base64.');
  }
  if (bytes.byteLength < bytesMin || bytes.byteLength > bytesMax) {
    throw refused(`The secret must hold ${bytesMin} to ${bytesMax} bytes.`);
  }
  return createSecretKey(bytes);
}

function refused(title: string): WebhookVerificationError {
  return new WebhookVerificationError(
    'invalid_secret',
    title,
    'Pass the whole `secret` that was shown when the webhook endpoint was created.',
  );
}
