import { troubleWith } from './cidr.ts';
import { fieldError } from './errors.ts';

/** @throws ApiError `invalid_request` naming the first that is not a CIDR range */
export function checkRanges(ranges: readonly string[] = []): void {
  for (const [at, range] of ranges.entries()) {
    const trouble = troubleWith(range);
    if (trouble === undefined) continue;
    throw fieldError(`/ip_ranges/${at}`, trouble.code, trouble.message, trouble.fix);
  }
}
