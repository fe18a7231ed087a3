import { type PlaceholderName, partsAt, placeOf, type schemas, templateOf } from 'payos-contract';
import type { Card } from '../cards/card.ts';

type Values = Readonly<Record<PlaceholderName, string | number | undefined>>;

/** What placeholders mean for this card; `undefined` leaves the member out. */
export function valuesOf(card: Card, code: string | undefined): Values {
  const year = String(card.expYear);
  return {
    'card.number': card.useNumber((digits) => digits.toString('latin1')),
    'card.exp_month': card.expMonth,
    'card.exp_month_2': String(card.expMonth).padStart(2, '0'),
    'card.exp_year': card.expYear,
    'card.exp_year_2': year.slice(-2),
    'card.exp_year_4': year,
    'card.code': code,
    'card.name': card.name,
  };
}

/**
 * A checked body with the card in it, as bytes of its content type. Filled in at the places of the
 * destination and nowhere else; the values are put in as values, so that a name with quotes, braces
 * or ampersands stays a name.
 */
export function fillTemplate(
  type: schemas.ForwardContentType,
  fields: schemas.ForwardFields,
  body: Readonly<Record<string, unknown>>,
  values: Values,
): Buffer {
  const fill = (value: unknown, place: string): unknown => {
    if (typeof value === 'string') {
      return partsAt(fields, place).length === 0 ? value : filled(value, values);
    }
    if (Array.isArray(value)) {
      const items = value.map((item, index) => fill(item, placeOf(type, place, String(index))));
      return items.filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([name, inner]) => {
      return [name, fill(inner, placeOf(type, place, name))] as const;
    });
    return Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
  };
  const result = fill(body, '') as Record<string, unknown>;
  if (type === 'application/json') return Buffer.from(JSON.stringify(result), 'utf8');
  const form = Object.entries(result).map(
    ([name, value]) => [name, String(value)] as [string, string],
  );
  return Buffer.from(new URLSearchParams(form).toString(), 'utf8');
}

/** A placeholder alone keeps its type; pieces become one text. */
function filled(text: string, values: Values): string | number | undefined {
  const [first, ...rest] = templateOf(text) ?? [];
  if (first === undefined) return text;
  if (rest.length === 0) return 'name' in first ? values[first.name] : first.literal;
  const pieces = [first, ...rest];
  return pieces.map((one) => ('name' in one ? values[one.name] : one.literal)).join('');
}
