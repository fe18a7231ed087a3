import { createHmac, type KeyObject } from 'node:crypto';

/**
 * The signature header of a delivery, after the Standard Webhooks specification: HMAC-SHA-256 over
 * `<id>.<timestamp>.<body>`.
 *
 * @param id of the event; the same for every attempt
 * @param timestamp of this attempt, in seconds since 1970
 */
export function signDelivery(key: KeyObject, id: string, timestamp: number, body: string): string {
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${mac}`;
}
