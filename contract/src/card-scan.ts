/**
 * The last net under everything that is written or answered: finds what is most likely a card
 * number in a stream of text, where none should ever get. It has to be quick and to cry wolf
 * seldom, so it looks for less than what refuses input does.
 *
 * A hit is 13 to 19 digits in groups with single spaces or dashes between them, of a length and
 * with a beginning that the card schemes have, that pass the Luhn check. Digits within an id
 * (letters beside them, or joined to hexadecimal by a dash as in a traceparent) are none. Nor is
 * the fraction of a number in JSON: times in milliseconds have a dozen digits behind the point.
 */
const runs = /\d(?:[ -]?\d){12,}/g;

/** ISO/IEC 7812 ranges by scheme, each with the lengths that it has. */
const schemes: readonly RegExp[] = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11,16}$/,
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/,
  /^220[0-4]\d{12,15}$/,
  /^(?:50|5[6-8]|6\d)\d{11,17}$/,
];

/** What stands in place of a number. */
const numberRemoved = '[card number removed]';

type Scanned = { text: string; found: number };

/**
 * The text without card numbers, and how many there were.
 *
 * @param instead what is put in their place
 */
export function removeCardNumbers(text: string, instead = numberRemoved): Scanned {
  let found = 0;
  const clean = text.replace(runs, (run, at: number) => {
    const end = at + run.length;
    if (isWithinId(text, at, end) || isFraction(text, at, end)) return run;
    const cleaned = cleanRun(run, instead);
    if (cleaned !== run) found += 1;
    return cleaned;
  });
  return { text: clean, found };
}

function isWithinId(text: string, start: number, end: number): boolean {
  if (/\w/.test(text.charAt(start - 1)) || /\w/.test(text.charAt(end))) return true;
  const before = /(\w*)-$/.exec(text.slice(Math.max(0, start - 40), start))?.[1] ?? '';
  return /\d/.test(before) && /[a-z]/i.test(before);
}

/** Of a number that stands where JSON has one: between a colon, comma or bracket and the next. */
function isFraction(text: string, start: number, end: number): boolean {
  if (text.charAt(start - 1) !== '.') return false;
  const before = text.slice(Math.max(0, start - 24), start);
  return /[:,[]-?\d{1,17}\.$/.test(before) && /^[,}\]]/.test(text.charAt(end));
}

/** Neighbouring groups that add up to a card number are taken out; others stay. */
function cleanRun(run: string, instead: string): string {
  const groups = [...run.matchAll(/\d+/g)];
  for (const [first, group] of groups.entries()) {
    let digits = '';
    for (const next of groups.slice(first)) {
      digits += next[0];
      if (digits.length > 19) break;
      if (!isOfCard(digits)) continue;
      const end = next.index + next[0].length;
      return run.slice(0, group.index) + instead + run.slice(end);
    }
  }
  return run;
}

function isOfCard(digits: string): boolean {
  return schemes.some((scheme) => scheme.test(digits)) && passesLuhn(digits);
}

/** Whether the check digit of a number is right (ISO/IEC 7812-1, annex B). Takes digits only. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
