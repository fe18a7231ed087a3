import type { PartName } from '../card/part.ts';
import type { Failure } from '../wire.ts';
import { type Place, readPlace } from './place.ts';

/**
 * How the frames of one page find each other. What was typed travels over these channels, so that
 * nothing here may rely on the page: both ends are documents of this origin, made for the same key
 * and the same page, and the browser vouches for that.
 */

type Join = { payos: 'join'; group: string; role: string };

/** Controller → field. */
export type Ask =
  | { type: 'welcome' }
  | { type: 'collect'; id: number }
  | { type: 'brand'; brand: unknown }
  | { type: 'refuse'; part: PartName; code: string };

export type Values = Partial<Record<PartName, string>>;

/** Field → controller. */
export type Reply =
  | { type: 'values'; id: number; values: Values; failure: Failure | undefined }
  | { type: 'brand'; brand: unknown };

/**
 * Whether a window holds a document of this origin, for the same key and page. Another
 * organization's controller, which an attacker's script may have put into the merchant's page, has
 * another address. Looking at a window of another origin throws.
 */
function isOfSameMerchant(other: Window): boolean {
  try {
    const { origin, pathname, search } = other.location;
    const { location: own } = window;
    return origin === own.origin && pathname === own.pathname && search === own.search;
  } catch {
    return false;
  }
}

function placeOf(other: Window): Place | undefined {
  return isOfSameMerchant(other) ? readPlace(other.location) : undefined;
}

/** Joins the controller of this set of fields. @returns undefined when there is none */
export function joinController({ group, role }: Place): MessagePort | undefined {
  const { parent } = window;
  for (let at = 0; at < parent.length; at += 1) {
    const sibling = parent[at];
    if (sibling === undefined || sibling === window) continue;
    const place = placeOf(sibling);
    if (place?.role !== 'controller' || place.group !== group) continue;
    const { port1, port2 } = new MessageChannel();
    const join: Join = { payos: 'join', group, role };
    // Delivered to this origin only, whatever the window holds by then.
    sibling.postMessage(join, window.location.origin, [port2]);
    return port1;
  }
  return undefined;
}

/** Calls back for every field of this set that joins, with its role and a port to it. */
export function awaitFields(
  { group }: Place,
  onJoin: (role: string, port: MessagePort) => void,
): void {
  window.addEventListener('message', ({ origin, source, data, ports }) => {
    // The page can send what it likes, but not from this origin.
    if (origin !== window.location.origin || source === null || source === window.parent) return;
    if (!('location' in source) || placeOf(source as Window)?.group !== group) return;
    const [port] = ports;
    const { payos, role } = (data ?? {}) as Partial<Join>;
    if (payos === 'join' && typeof role === 'string' && port !== undefined) onJoin(role, port);
  });
}
