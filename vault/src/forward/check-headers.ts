import { isForwardableHeader } from 'payos-contract';
import { Refusal } from '../core/problem.ts';

/**
 * Headers that describe the connection are the vault's own business. Throws {@link Refusal}
 * `invalid_request`.
 */
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
