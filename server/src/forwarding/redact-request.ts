import type { schemas } from 'payos-contract';

/** Headers whose values are no secrets; of all others only the names are kept. */
const open = /^(accept|accept-language|idempotency-key|user-agent|.*-version|content-language)$/i;
const secretName = /passw|secret|token|api[-_]?key|credential|private|signature/i;
const removed = '[removed]';

/** The request as it is kept: with its placeholders, and without the merchant's own secrets. */
export function redactRequest({
  method,
  url,
  headers = {},
  body,
}: schemas.CreateForward['request']): schemas.ForwardRecord['request'] {
  return {
    method,
    url: redactUrl(url),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, open.test(name) ? value : removed]),
    ),
    body: redact(body) as Record<string, unknown>,
  };
}

/** Where keys stand in URLs, they stand in the query. */
function redactUrl(text: string): string {
  const [path = '', query] = text.split('?', 2);
  return query === undefined ? path : `${path}?${removed}`;
}

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, inner]) => {
    const isSecret = typeof inner === 'string' && secretName.test(name);
    return [name, isSecret && !inner.includes('{{') ? removed : redact(inner)] as const;
  });
  return Object.fromEntries(members);
}
