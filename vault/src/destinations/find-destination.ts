import type { Mode, schemas } from 'payos-contract';
import { type AddressGuard, bareHost, checkDestination, isBelow } from 'payos-egress';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';

const select = {
  name: 'destination-find',
  text: `SELECT url, content_type, fields FROM forward_destinations
         WHERE id = $1 AND organization_id = $2 AND mode = $3 AND removed_at IS NULL`,
};

/** As it lies in the vault's own list. */
export type Destination = {
  url: string;
  content_type: schemas.ForwardContentType;
  fields: schemas.ForwardFields;
};

/** What the operator has to say, whom no server can speak for. */
export type Outside = {
  guard: AddressGuard;
  /** `host`, `host:port`, or `*`: where cards of live mode may go at all. */
  liveHosts: readonly string[];
};

type Which = { destination: string; organization: string; mode: Mode };

/**
 * The destination of a request, once its URL has been held against the vault's own list and, in
 * live mode, the operator's. Throws {@link Refusal} `destination_not_allowed`.
 */
export async function findDestination(
  db: Db,
  outside: Outside,
  which: Which,
  text: string,
): Promise<{ url: URL; destination: Destination }> {
  const values = [which.destination, which.organization, which.mode];
  const [destination] = await db.run<Destination>(select, values);
  const checked = checkDestination(text, outside.guard);
  if (destination === undefined || !checked.ok) throw new Refusal('destination_not_allowed');
  const { url } = checked;
  if (!isBelow(url, new URL(destination.url))) throw new Refusal('destination_not_allowed');
  if (which.mode === 'live' && !isAmong(url, outside.liveHosts)) {
    const detail = 'Whoever runs PayOS has to name this host in PAYOS_FORWARD_DESTINATIONS.';
    throw new Refusal('destination_not_allowed', { detail });
  }
  return { url, destination };
}

function isAmong(url: URL, hosts: readonly string[]): boolean {
  const host = bareHost(url.hostname);
  const port = url.port === '' ? 443 : Number(url.port);
  return hosts.some((one) => {
    return one === '*' || one === `${host}:${port}` || (one === host && port === 443);
  });
}
