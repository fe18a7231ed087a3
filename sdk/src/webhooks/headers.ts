import { WebhookVerificationError } from './error.ts';

export type HeaderValue = string | readonly string[] | undefined;

/** Headers as `fetch`, Node, Express, Fastify and others hold them. */
export type WebhookHeaders =
  | { entries(): Iterable<readonly [string, HeaderValue]> }
  | Readonly<Record<string, HeaderValue>>;

/**
 * One header, whatever its case.
 *
 * @throws WebhookVerificationError when it is missing, or there more than once: two readers could
 *   then believe different ones
 */
export function readHeader(headers: WebhookHeaders, name: string): string {
  const values = entriesOf(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
  const value = values[0];
  // Node and fetch join repeated headers with a comma and a space.
  if (values.length > 1 || (typeof value === 'string' && /,\s/.test(value))) {
    throw new WebhookVerificationError(
      'duplicate_header',
      `The header ${name} is there more than once.`,
      'Refuse the request: PayOS sends it once.',
    );
  }
  if (typeof value !== 'string' || value === '') {
    throw new WebhookVerificationError(
      'missing_header',
      `The header ${name} is missing.`,
      'Pass all headers of the request; check that a proxy does not drop webhook-* headers.',
    );
  }
  return value;
}

function entriesOf(headers: WebhookHeaders): (readonly [string, HeaderValue])[] {
  if (typeof headers !== 'object' || headers === null) return [];
  if (hasEntries(headers)) return [...headers.entries()];
  return Object.entries(headers);
}

function hasEntries(
  headers: WebhookHeaders,
): headers is { entries(): Iterable<readonly [string, HeaderValue]> } {
  return typeof Reflect.get(headers, 'entries') === 'function';
}
