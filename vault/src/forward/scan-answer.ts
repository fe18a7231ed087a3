import { codeNames } from './code-names.ts';

const namesCode = new RegExp(codeNames, 'i');
/** How many separators may stand between two digits of a number for it still to be found. */
const separator = '[\\s.\\-_/+]{0,3}';

/**
 * Whether an answer contains the card number: plain, spaced or dashed, percent-encoded, escaped in
 * JSON, hex, or base64 at any of its three alignments.
 */
export function containsNumber(answer: string, digits: Buffer): boolean {
  const plain = digits.toString('latin1');
  const spaced = new RegExp([...plain].join(separator));
  const texts = new Set([answer, decodePercent(answer), decodeEscapes(answer)]);
  for (const text of texts) if (spaced.test(text)) return true;
  if (answer.toLowerCase().includes(digits.toString('hex'))) return true;
  return [0, 1, 2].some((offset) => answer.includes(base64Core(digits, offset)));
}

/**
 * Whether an answer repeats the security code in a member that is for it. Three digits occur in any
 * answer by chance, so the member's name has to say so, or that of a member around it.
 *
 * @param codeMembers members that carried the code in the request
 */
export function containsCode(
  body: unknown,
  code: string,
  codeMembers: ReadonlySet<string>,
  isNamed = false,
): boolean {
  if (typeof body !== 'object' || body === null) return isNamed && String(body) === code;
  return Object.entries(body).some(([member, value]) => {
    const named = isNamed || codeMembers.has(member) || namesCode.test(member);
    return containsCode(value, code, codeMembers, named);
  });
}

/** The characters that base64 gives for these bytes wherever they stand, without the edges. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, last);
}

function decodePercent(text: string): string {
  return text.replace(/%(3[0-9]|20|2[dD])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function decodeEscapes(text: string): string {
  return text.replace(/\\u00([0-7][0-9a-fA-F])|&#(\d{2,3});/g, (_, hex, decimal) =>
    String.fromCharCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}
