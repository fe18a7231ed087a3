import { Refusal } from '../core/problem.ts';

const placeholderNames = [
  'card.number',
  'card.exp_month',
  'card.exp_year',
  'card.code',
  'card.name',
] as const;
type PlaceholderName = (typeof placeholderNames)[number];

/** What to put in; `undefined` leaves the member out. */
type CardValues = Readonly<Record<PlaceholderName, string | number | undefined>>;

const names = new Map<string, PlaceholderName>(placeholderNames.map((n) => [`{{${n}}}`, n]));
const looksLikeOne = /\{\{|\}\}/;

/** Refuses braces in the URL and the headers: the card goes into the body only. */
export function refusePlaceholders(texts: readonly string[], param: string): void {
  if (texts.some((text) => looksLikeOne.test(text))) throw refuse(param);
}

/**
 * Checks a body before anything else happens. Throws {@link Refusal} `invalid_request` unless each
 * placeholder is a whole string value, known, and in its own place.
 *
 * @returns the names of the members that will carry the card's security code
 */
export function checkPlaceholders(body: unknown): ReadonlySet<string> {
  const codeMembers = new Set<string>();
  walk(body, '', (text, pointer) => {
    if (!looksLikeOne.test(text)) return;
    const name = names.get(text);
    if (name === undefined || pointer !== placeOf(name)) throw refuse('request.body');
    if (name === 'card.code') codeMembers.add('code');
  });
  return codeMembers;
}

/**
 * The only place of each value, as a JSON pointer: where processors take cards. In a member that a
 * processor stores and shows again, such as a reference, whoever may ask for forwards could read
 * the card there.
 */
function placeOf(name: PlaceholderName): string {
  return `/${name.replace('.', '/')}`;
}

type Visit = (text: string, pointer: string) => void;

function walk(value: unknown, pointer: string, visit: Visit): void {
  if (typeof value === 'string') visit(value, pointer);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (looksLikeOne.test(key)) throw refuse('request.body');
      walk(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, visit);
    }
  }
}

/**
 * Fills the card into a checked body. Works on the parsed value, so that a name with quotes or
 * braces stays a name.
 */
export function fillPlaceholders(value: unknown, card: CardValues): unknown {
  if (typeof value === 'string') {
    const name = names.get(value);
    return name === undefined ? value : card[name];
  }
  if (Array.isArray(value)) {
    return value.map((item) => fillPlaceholders(item, card)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  // JSON.stringify leaves out members that are undefined.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillPlaceholders(item, card)]),
  );
}

function refuse(param: string): Refusal {
  return new Refusal('invalid_request', {
    param,
    detail:
      'A placeholder is a whole string value in the body and one of ' +
      `${[...names.keys()].join(', ')}.`,
  });
}
