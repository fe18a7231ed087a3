import { isWithin } from '../access/index.ts';
import { fieldError } from '../core/errors.ts';

/** @throws ApiError `invalid_request` naming the first that is not a CIDR range */
export function checkRanges(ranges: readonly string[] | undefined): void {
  const at = (ranges ?? []).findIndex((range) => !isRange(range));
  if (at < 0) return;
  const message = 'This is not a range of addresses.';
  throw fieldError(`/ip_ranges/${at}`, 'not_cidr', message, 'Write it like 203.0.113.0/24.');
}

function isRange(range: string): boolean {
  if (!/^[0-9A-Fa-f.:]+\/\d{1,3}$/.test(range)) return false;
  try {
    // What the check of every request cannot take must never be stored.
    isWithin([range], '127.0.0.1');
    return true;
  } catch {
    return false;
  }
}
