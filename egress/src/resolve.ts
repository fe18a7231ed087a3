import { Resolver } from 'node:dns/promises';

/** Finds the addresses of a host name. The seam where tests put DNS answers of their own. */
export type Resolve = (host: string) => Promise<string[]>;

export const localAddresses: readonly string[] = ['127.0.0.1', '::1'];

/** Names that mean this machine and are never asked of DNS (RFC 6761 §6.3). */
export function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

const resolver = new Resolver({ timeout: 2_000, tries: 2 });

/**
 * Asks DNS for IPv4 and IPv6 addresses. Not `dns.lookup`: that holds one of four threads of the
 * process while it waits, so that a few names with a silent DNS server would stop all others.
 *
 * @throws the resolver's error when neither kind is found
 */
export const resolveHost: Resolve = async (host) => {
  if (isLocalName(host)) return [...localAddresses];
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [v4, v6].flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
  if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
  return found;
};
