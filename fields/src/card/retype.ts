import type { PartRules } from './part.ts';

export type Typed = { text: string; caret: number };

/** How many digits stand before a place. */
const digitsBefore = (text: string, caret: number) =>
  text.slice(0, caret).replace(/\D/g, '').length;

/**
 * What the input should show after somebody has typed, and where the caret belongs: after the same
 * digit as before. Whoever deletes a separator means the digit beside it.
 *
 * @param previous the value before
 * @param kind `inputType` of the event (Input Events Level 2)
 */
export function retype(
  rules: PartRules,
  previous: string,
  { text, caret }: Typed,
  kind: string,
): Typed & { value: string } {
  const isDeletion = kind.startsWith('delete');
  let value = rules.read(text);
  let before = digitsBefore(text, caret);
  if (isDeletion && value === previous && value !== '') {
    const at = kind === 'deleteContentForward' ? before : before - 1;
    const digits = value.slice(0, Math.max(0, at)) + value.slice(Math.max(0, at) + 1);
    value = rules.read(rules.show(digits));
    before = Math.max(0, at);
  } else {
    // A month may have got a zero in front of it.
    const atEnd = caret >= text.trimEnd().length;
    if (atEnd) before = value.length;
  }
  const shown = rules.show(value);
  // A separator at the end would come back as often as it is deleted.
  const kept = isDeletion ? shown.replace(/\D+$/, '') : shown;
  return { value, text: kept, caret: placeAfter(kept, before, isDeletion) };
}

/** The place after a number of digits; after the separator there, when typing goes on. */
function placeAfter(text: string, digits: number, isDeletion: boolean): number {
  let at = 0;
  for (let seen = 0; at < text.length && seen < digits; at += 1) {
    if (/\d/.test(text[at] ?? '')) seen += 1;
  }
  if (!isDeletion) while (at > 0 && at < text.length && !/\d/.test(text[at] ?? '')) at += 1;
  return at;
}
