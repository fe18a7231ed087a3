import { decodeBase58, encodeBase58, type IdKind, idPrefixes } from 'payos-contract';
import { fieldError } from './errors.ts';

/**
 * How far the time in an id may be from the time in its row: ids are made by the server, times by
 * the database, each by its own clock.
 */
const skewMs = 5 * 60_000;

/** A span of time, as the filters of lists give it: RFC 3339, both ends excluded. */
export type Created = { created_after?: string; created_before?: string };

/** The bounds between which lie all ids of the objects that were made within a span. */
type IdBounds = { above?: string; below?: string };

/**
 * Turns a span of time into bounds of ids, so that the index by which a list is ordered leads
 * straight to it. The bounds are a little wider than the span: compare the times as well.
 *
 * @throws ApiError `invalid_request` when the span ends before it begins
 */
export function idBounds(kind: IdKind, created: Created): IdBounds {
  const { created_after: after, created_before: before } = created;
  if (after !== undefined && before !== undefined && timeMs(after) >= timeMs(before)) {
    throw fieldError(
      '/query/created_before',
      'conflict',
      '`created_before` is not after `created_after`.',
      'Send a span that begins before it ends.',
    );
  }
  return {
    ...(after === undefined ? {} : { above: idAt(kind, timeMs(after) - skewMs) }),
    ...(before === undefined ? {} : { below: idAt(kind, timeMs(before) + skewMs) }),
  };
}

/** A time as the API takes it, in Unix milliseconds; a leap second is the one that follows it. */
export function timeMs(time: string): number {
  const plain = time.toUpperCase().replace(/:60(?=[.Z+-])/, ':59');
  return Date.parse(plain) + (plain === time.toUpperCase() ? 0 : 1000);
}

const lastMs = 2 ** 48 - 1;

/** What comes before every id of this kind that is made at `ms` or later (RFC 9562 §5.7). */
function idAt(kind: IdKind, ms: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.min(Math.max(ms, 0), lastMs), 0, 6);
  return `${idPrefixes[kind]}_${encodeBase58(bytes)}`;
}

/** When an id was made, in Unix milliseconds. */
export function idTimeMs(id: string): number {
  return Number(decodeBase58(id.slice(id.indexOf('_') + 1)) >> 80n);
}
