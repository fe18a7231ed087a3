import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import { isLocalName, localAddresses } from './resolve.ts';

type Destination = { ok: true; url: URL } | { ok: false; why: string };

/** Ports from 1024 on where something else than HTTPS is at home. */
const foreignPorts = new Set([
  1080, 1433, 1521, 2049, 2181, 2375, 3128, 3306, 3389, 5060, 5432, 5672, 5900, 6379, 6667, 9042,
  9092, 11211, 27017,
]);

/**
 * Whether something may be sent to the URL a user gave, as far as the text tells. Parsed as
 * browsers do (WHATWG URL), so that every way of writing an address (2130706433, 0x7f.1) is seen
 * as what it is. What a name resolves to is checked later, at each connection.
 */
export function checkDestination(text: string, guard: AddressGuard): Destination {
  const url = URL.parse(text);
  // Parsers disagree about blanks and backslashes, and the WHATWG one drops or turns them.
  if (url === null || /[\s\\\p{Cc}]/u.test(text)) return refuse('It is not a valid URL.');
  if (url.protocol !== 'https:') return refuse('Only https URLs are allowed.');
  if (url.username !== '' || url.password !== '' || /^https:\/*[^/?#]*@/i.test(text)) {
    return refuse('It must not contain a user name or a password.');
  }
  if (text.includes('#')) return refuse('It must not contain a fragment (#).');
  const port = url.port === '' ? 443 : Number(url.port);
  if (port !== 443 && (port < 1024 || foreignPorts.has(port))) {
    return refuse(`Port ${port} is not one that may be sent to.`);
  }
  const host = bareHost(url.hostname);
  if (host.endsWith('.')) return refuse('The host name must not end in a dot.');
  const known = isIP(host) !== 0 ? [host] : isLocalName(host) ? localAddresses : undefined;
  if (known !== undefined && !known.some((address) => guard.allows(address))) {
    return refuse(
      'It points to a private or special address. ' +
        'Whoever runs PayOS can allow it with PAYOS_EGRESS_ALLOW.',
    );
  }
  return { ok: true, url };
}

/**
 * What some servers take for a dot or a slash, or for a step upwards, and others do not: escapes,
 * also those that are decoded twice, and parameters of a path (`..;`).
 */
const ambiguous = /%(?:2e|2f|5c|00|25)|\/\/|\/\.{1,2};/i;

/**
 * Whether a URL has the host and port of another, and its path or one below it, whoever reads it.
 * Both as parsed by WHATWG rules, which resolve `..` and the ways of writing an address.
 */
export function isBelow(url: URL, base: URL): boolean {
  if (url.protocol !== base.protocol || url.host !== base.host) return false;
  if (ambiguous.test(url.pathname)) return false;
  return (
    url.pathname === base.pathname || url.pathname.startsWith(base.pathname.replace(/\/?$/, '/'))
  );
}

/** A URL's host name without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function refuse(why: string): Destination {
  return { ok: false, why };
}
