import { isForwardableHeader } from 'payos-contract';
import { Refusal } from '../core/problem.ts';

export type Destination = { hostname: string; port: number; path: string; origin: string };

/**
 * Where a forward may go: https, and host and port exactly as the operator listed them. Throws
 * {@link Refusal} `invalid_request`.
 *
 * @param allowed `host:port` entries of PAYOS_FORWARD_HOSTS
 */
export function checkDestination(url: string, allowed: ReadonlySet<string>): Destination {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || target.protocol !== 'https:') throw refuse('use an https URL');
  if (target.username !== '' || target.password !== '') throw refuse('no credentials in the URL');
  if (target.hash !== '') throw refuse('no fragment in the URL');
  const port = target.port === '' ? 443 : Number(target.port);
  const host = `${target.hostname}:${port}`;
  if (!allowed.has(host)) throw refuse('this host and port are not on PAYOS_FORWARD_HOSTS');
  return {
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port,
    path: target.pathname + target.search,
    origin: host,
  };
}

/** Headers that describe the connection are the vault's own business. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isForwardableHeader(name, value)) {
      throw new Refusal('invalid_request', {
        param: 'request.headers',
        detail: 'A header cannot be forwarded: its name is reserved or its text is not ASCII.',
      });
    }
  }
}

function refuse(why: string): Refusal {
  return new Refusal('invalid_request', {
    param: 'request.url',
    detail: `The request cannot be forwarded there: ${why}.`,
  });
}
