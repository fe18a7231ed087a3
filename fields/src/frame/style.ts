/**
 * What a page may say about the looks of the inputs. Names and values are allow-listed: nothing
 * that loads (`url()`), computes, moves, hides or covers, and no text that could end a declaration.
 * A property becomes a custom property of the frame's own style sheet, which says where it counts.
 */

const number = '-?(?:\\d{1,4}(?:\\.\\d{1,4})?|\\.\\d{1,4})';
const size = '(?:\\d{1,2}(?:\\.\\d{1,3})?|\\.\\d{1,3})(?:px|em|rem|%)';
const argument = `(?:${number}(?:%|deg|turn|rad)?|none)`;
const colour =
  `(?:#[0-9a-f]{3,8}|[a-z]{3,30}|` +
  `(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\\(\\s*${argument}(?:[\\s,/]+${argument}){2,3}\\s*\\))`;
const family = '(?:"[\\w -]{1,40}"|\'[\\w -]{1,40}\'|[a-z][\\w -]{0,39})';

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`, 'i');

const colourValue = whole(colour);
const colours = {
  color: colourValue,
  backgroundColor: colourValue,
  caretColor: colourValue,
  placeholderColor: colourValue,
  iconColor: colourValue,
  outlineColor: colourValue,
} as const;

const properties: Readonly<Record<string, RegExp>> = {
  ...colours,
  fontFamily: whole(`${family}(?:\\s*,\\s*${family}){0,7}`),
  fontSize: whole('(?:[89]|[1-6]\\d|7[0-2])(?:\\.\\d{1,3})?px|(?:[0-4]?\\.\\d{1,3}|[1-4])r?em'),
  fontWeight: whole('[1-9]00|normal|bold'),
  fontStyle: whole('normal|italic'),
  fontVariantNumeric: whole('normal|tabular-nums|lining-nums'),
  letterSpacing: whole(`normal|-?0?\\.\\d{1,3}em|[0-9](?:\\.\\d{1,3})?px|0`),
  lineHeight: whole('normal|[1-3](?:\\.\\d{1,3})?|[1-9]\\d(?:\\.\\d{1,3})?px'),
  textAlign: whole('start|end|left|right|center'),
  padding: whole(`(?:${size}|0)(?:\\s+(?:${size}|0)){0,3}`),
};

/** States of an input; what is not said about one is as in `base`. */
const states: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  base: properties,
  focus: colours,
  complete: colours,
  invalid: colours,
};

const schemes = ['light', 'dark', 'auto'] as const;

export type Looks = { scheme: (typeof schemes)[number]; values: ReadonlyMap<string, string> };

/** What is allowed of an `appearance`, as custom properties. The rest is left out. */
export function readLooks(appearance: unknown): Looks {
  const given = membersOf(appearance);
  const values = Object.entries(states).flatMap(([state, allowed]) =>
    Object.entries(membersOf(given[state])).flatMap(([name, value]) => {
      if (!Object.hasOwn(allowed, name) || typeof value !== 'string' || value.length > 300)
        return [];
      return allowed[name]?.test(value) ? [[`--${state}-${kebab(name)}`, value] as const] : [];
    }),
  );
  const scheme = schemes.find((name) => name === given['colorScheme']) ?? 'light';
  return { scheme, values: new Map(values) };
}

/** Puts the looks of a frame on its root element, in place of those before. */
export function applyLooks({ style }: HTMLElement, { scheme, values }: Looks): void {
  const old = Array.from(style).filter((name) => name.startsWith('--') && !values.has(name));
  for (const name of old) style.removeProperty(name);
  for (const [name, value] of values) style.setProperty(name, value);
  style.setProperty('color-scheme', scheme === 'auto' ? 'light dark' : scheme);
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
