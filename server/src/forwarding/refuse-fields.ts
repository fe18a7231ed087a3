import type { FieldError } from 'payos-contract';
import { ApiError } from '../core/errors.ts';

/** @throws ApiError `invalid_request` that names every place, and says the first in its detail */
export function refuseFields(errors: FieldError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  const param = first.pointer.slice(1).replaceAll('/', '.');
  throw new ApiError('invalid_request', { detail: first.message, param, errors });
}
