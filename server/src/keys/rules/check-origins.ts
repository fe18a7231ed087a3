import type { Mode } from 'payos-contract';
import { fieldError } from '../../core/errors.ts';

const fix = 'Write it like https://shop.example, without a path.';

/**
 * Origins as browsers send them (RFC 6454 §6.2): lower case, international names in ASCII, no
 * default port.
 *
 * @throws ApiError `invalid_request` naming the first that is none, or that anybody could claim
 */
export function checkOrigins(origins: readonly string[], mode: Mode): string[] {
  const checked = origins.map((origin, at) => {
    const { origin: normal, why } = read(origin, mode);
    if (normal === undefined) throw fieldError(`/allowed_origins/${at}`, 'not_origin', why, fix);
    return normal;
  });
  return [...new Set(checked)];
}

type Read = { origin: string; why?: never } | { origin?: undefined; why: string };

function read(text: string, mode: Mode): Read {
  if (!/^https?:\/\/[^/?#@\\*\s]+$/i.test(text) || !URL.canParse(text)) {
    return { why: 'This is not an origin.' };
  }
  const { protocol, hostname, origin } = new URL(text);
  if (protocol === 'https:') return { origin };
  if (hostname !== 'localhost') return { why: 'Pages that may use the key are served by https.' };
  if (mode === 'live') return { why: 'http://localhost is for test mode.' };
  return { origin };
}
