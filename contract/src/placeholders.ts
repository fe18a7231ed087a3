import type { FieldError } from './errors.ts';
import type { ForwardContentType, ForwardFields } from './schemas/forwarding.ts';

/**
 * Placeholders of forwarded requests: text that stands where card data will stand. What they mean
 * is the vault's business; where they may be is checked on both sides of its wall by this.
 */
const placeholderParts = {
  'card.number': 'number',
  'card.exp_month': 'expiry',
  'card.exp_month_2': 'expiry',
  'card.exp_year': 'expiry',
  'card.exp_year_2': 'expiry',
  'card.exp_year_4': 'expiry',
  'card.code': 'code',
  'card.name': 'name',
} as const satisfies Record<string, keyof ForwardFields>;

export type PlaceholderName = keyof typeof placeholderParts;

const brace = /\{\{|\}\}/;
const placeholder = /\{\{(card\.[a-z_0-9]+)\}\}/g;
/** What may stand between the parts of an expiry. */
const joints = /^[/. -]?$/;

/** Whether a text could be taken for a placeholder. */
export function looksLikePlaceholder(text: string): boolean {
  return brace.test(text);
}

/** A text as literal pieces and names of placeholders; undefined if it cannot be a template. */
export function templateOf(
  text: string,
): readonly ({ literal: string } | { name: PlaceholderName })[] | undefined {
  const pieces: ({ literal: string } | { name: PlaceholderName })[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    const name = match[1] ?? '';
    if (!isPlaceholder(name)) return undefined;
    pieces.push({ literal: text.slice(end, match.index) }, { name });
    end = match.index + match[0].length;
  }
  pieces.push({ literal: text.slice(end) });
  const kept = pieces.filter((piece) => !('literal' in piece) || piece.literal !== '');
  const isClean = kept.every((piece) => !('literal' in piece) || !brace.test(piece.literal));
  return isClean ? kept : undefined;
}

function isPlaceholder(name: string): name is PlaceholderName {
  return Object.hasOwn(placeholderParts, name);
}

/** The parts of a card that may stand at a place. */
export function partsAt(fields: ForwardFields, place: string): (keyof ForwardFields)[] {
  const parts = Object.keys(fields) as (keyof ForwardFields)[];
  return parts.filter((part) => fields[part]?.includes(place));
}

/** The place of a member, given that of what holds it. */
export function placeOf(type: ForwardContentType, within: string, member: string): string {
  if (type !== 'application/json') return member;
  return `${within}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Headers that describe the connection or the body: the vault's own business. */
const reservedHeaders = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header may be sent on somebody's word: its name is not reserved, its text ASCII. */
export function isForwardableHeader(name: string, value: string): boolean {
  const sound = /^[A-Za-z0-9-]{1,100}$/.test(name) && /^[\x20-\x7e]*$/.test(value);
  return sound && !reservedHeaders.has(name.toLowerCase());
}

/**
 * What is wrong with the body of a request that is to be forwarded: placeholders that are unknown,
 * at places where the destination does not take them, or missing altogether.
 *
 * @param pointer of the body in the request, for the errors
 */
export function templateFaults(
  type: ForwardContentType,
  fields: ForwardFields,
  body: Readonly<Record<string, unknown>>,
  pointer = '/request/body',
): FieldError[] {
  const faults: FieldError[] = [];
  let found = 0;
  const visit = (value: unknown, place: string, at: string): void => {
    if (typeof value === 'string') {
      if (!brace.test(value)) return;
      found += 1;
      const fault = faultOf(value, partsAt(fields, place), at);
      if (fault !== undefined) faults.push(fault);
    } else if (type !== 'application/json' && at !== pointer) {
      faults.push(error(at, 'wrong_type', 'The value of a form field is a text.', 'Send a text.'));
    } else if (typeof value === 'object' && value !== null) {
      for (const [member, inner] of Object.entries(value)) {
        const inside = `${at}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (brace.test(member)) faults.push(misplaced(at));
        else visit(inner, placeOf(type, place, member), inside);
      }
    }
  };
  visit(body, '', pointer);
  if (found > 0 || faults.length > 0) return faults.slice(0, 20);
  const fix = 'Put {{card.number}} where the destination takes the number.';
  return [error(pointer, 'placeholder_missing', 'The body holds no placeholder.', fix)];
}

function faultOf(
  text: string,
  parts: readonly (keyof ForwardFields)[],
  at: string,
): FieldError | undefined {
  const template = templateOf(text);
  if (template === undefined) {
    const known = Object.keys(placeholderParts).map((name) => `{{${name}}}`);
    const fix = `Use one of ${known.join(', ')}.`;
    return error(at, 'unknown_placeholder', 'This is not a placeholder.', fix);
  }
  const names = template.flatMap((piece) => ('name' in piece ? [piece.name] : []));
  if (names.some((name) => !parts.includes(placeholderParts[name]))) return misplaced(at);
  if (template.length === 1) return undefined;
  // Only an expiry is made of several pieces: whatever else stands beside a card would be kept
  // and shown by the destination as something else.
  const isExpiry =
    names.every((name) => placeholderParts[name] === 'expiry') &&
    names.length <= 2 &&
    template.every((piece) => 'name' in piece || joints.test(piece.literal));
  if (isExpiry) return undefined;
  const fix = 'Send the placeholder alone; only months and years can be put together.';
  return error(at, 'not_alone', 'A placeholder is the whole text.', fix);
}

function misplaced(at: string): FieldError {
  const fix = 'See `fields` of the destination, which people have approved.';
  return error(at, 'placeholder_misplaced', 'The destination takes no such data here.', fix);
}

const pointerShape = /^(?:\/(?:[^~/]|~[01])+)+$/;
const nameShape = /^[\x21-\x7e]{1,200}$/;

/** What is wrong with the places of a new destination. */
export function fieldFaults(type: ForwardContentType, fields: ForwardFields): FieldError[] {
  const seen = new Set<string>();
  return Object.entries(fields).flatMap(([part, places]) =>
    places.flatMap((place, index) => {
      const at = `/fields/${part}/${index}`;
      const shape = type === 'application/json' ? pointerShape : nameShape;
      if (!shape.test(place) || brace.test(place)) {
        const form = type === 'application/json' ? 'JSON pointer such as /card/number' : 'name';
        return [error(at, 'wrong_value', `This is not a ${form}.`, 'See the docs.')];
      }
      // One place, one meaning: a number where a name is expected would be shown as one.
      if (seen.has(place)) return [error(at, 'conflict', 'This place occurs twice.', 'Drop one.')];
      seen.add(place);
      return [];
    }),
  );
}

function error(pointer: string, code: string, message: string, fix: string): FieldError {
  return { pointer, code, message, fix };
}
