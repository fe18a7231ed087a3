import { Refusal } from '../core/problem.ts';

/** Where a processor on the operator's list takes cards. `host` always has the port, 443 too. */
export type Processor = { hostname: string; port: number; path: string; host: string };

/**
 * The processor of a URL: https, and host and port exactly as the operator listed them. Throws
 * {@link Refusal} `invalid_request`.
 *
 * @param allowed `host:port` entries of PAYOS_FORWARD_HOSTS
 */
export function checkProcessor(url: string, allowed: ReadonlySet<string>): Processor {
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
    host,
  };
}

function refuse(why: string): Refusal {
  return new Refusal('invalid_request', {
    param: 'request.url',
    detail: `The request cannot be forwarded there: ${why}.`,
  });
}
