import { now } from '../clock.ts';
import { newMessageId } from '../random.ts';
import { readSecrets } from './secret.ts';
import { bodyBytes, hmac, type RawBody } from './signature.ts';
import { type Instant, toSeconds } from './time.ts';
import { checkId } from './verify.ts';

export type SignOptions = {
  /** `whsec_…`; with several the header carries a signature of each. */
  secret: string | readonly string[];
  /** Default: a random one. */
  id?: string;
  /** Default: now. */
  timestamp?: Instant;
};

export type SignedHeaders = {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
};

/**
 * Headers as PayOS sends them, for testing a webhook receiver.
 *
 * @throws WebhookVerificationError when the secret or another option is malformed
 */
export function sign(body: RawBody, options: SignOptions): SignedHeaders {
  const id = options.id ?? newMessageId();
  checkId(id);
  const timestamp = String(toSeconds('timestamp', options.timestamp ?? now()));
  const bytes = bodyBytes(body);
  const signatures = readSecrets(options.secret).map(
    (key) => `v1,${hmac(key, id, timestamp, bytes).toString('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
