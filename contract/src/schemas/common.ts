import Type, { type TSchema } from 'typebox';
import { type IdKind, idPattern } from '../ids.ts';
import { amountMax } from '../money.ts';

/** An id of one kind, e.g. `pay_…`. */
export const Id = (kind: IdKind, description?: string) =>
  Type.String({ pattern: idPattern(kind), ...(description === undefined ? {} : { description }) });

export const Mode = Type.Enum(['test', 'live']);

/** RFC 3339 in UTC, milliseconds. */
export const Time = Type.String({ format: 'date-time' });

export const Amount = Type.Integer({
  minimum: 1,
  maximum: amountMax,
  description: 'Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY',
});

export const Total = Type.Integer({ minimum: 0, maximum: amountMax });

export const Currency = Type.String({
  pattern: '^[A-Za-z]{3}$',
  description: 'ISO 4217 code; answered in upper case',
});

/** Merchant's own key-value pairs: at most 50, keys to 40 characters, values to 500. */
export const Metadata = Type.Record(
  Type.String({ pattern: '^[^\\u0000-\\u001f]{1,40}$' }),
  Type.String({ maxLength: 500 }),
  { maxProperties: 50, additionalProperties: false },
);

export const Text = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description === undefined ? {} : { description }) });

/**
 * What others read beside facts that count, such as a name: no control characters, and none that
 * turn the direction of text, so that it cannot look like something else (Unicode TR 36 §2.5).
 */
export const Name = (maxLength: number, description?: string) =>
  Type.String({
    ...Text(maxLength, description),
    pattern:
      '^[^\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
  });

/** The schema or null, as `type: [T, 'null']`: serializers handle that far faster than `anyOf`. */
export const Nullable = <T extends TSchema>(schema: T) => {
  // An enumeration has no `type` of its own: it is one of texts.
  const { type = 'string', enum: values, ...rest } = schema as Enumerable<T>;
  const among = values === undefined ? {} : { enum: [...values, null] };
  return Type.Unsafe<Type.Static<T> | null>({ ...rest, ...among, type: [type, 'null'] });
};
type Enumerable<T> = T & { type?: string; enum?: readonly string[] };

/** What may be shown of a card (PCI DSS 3.4.1: at most BIN and last four). */
export const CardDisplay = Type.Object({
  brand: Type.String(),
  last4: Type.String({ pattern: '^[0-9]{4}$' }),
  bin: Type.String({ pattern: '^[0-9]{6}$' }),
  exp_month: Type.Integer({ minimum: 1, maximum: 12 }),
  exp_year: Type.Integer({ minimum: 2000, maximum: 2099 }),
  /** As the table of BINs said when the card was collected. */
  funding: Nullable(Type.Enum(['credit', 'debit', 'prepaid'])),
  country: Nullable(
    Type.String({ pattern: '^[A-Z]{2}$', description: 'Of the issuer, ISO 3166-1 alpha-2' }),
  ),
});
export type CardDisplay = Type.Static<typeof CardDisplay>;

/** Query of every list. `after` and `before` are ids of the last and first object seen. */
export const listQuery = (kind: IdKind) => ({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  after: Type.Optional(Id(kind, 'The last id of the page before: continues with older ones')),
  before: Type.Optional(Id(kind, 'The first id seen: the newer ones next to it')),
});

/** Filters of lists by when something was made; both ends excluded. */
export const createdQuery = {
  created_after: Type.Optional(Time),
  created_before: Type.Optional(Time),
};

/** A page of a list, newest first. `next` is the cursor to pass as `after`. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    has_more: Type.Boolean(),
    next: Nullable(Type.String()),
  });

export const closed = { additionalProperties: false } as const;
