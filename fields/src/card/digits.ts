/** Where the digits of a script begin, for what keyboards and fonts of our languages write. */
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xff10];

/** The text with every digit that people type as the ASCII digit. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const zero = zeros.find((start) => code >= start && code < start + 10);
    return zero === undefined ? '' : String(code - zero);
  });
}

/** The digits of a text, as ASCII, and nothing else of it. */
export function digitsOf(text: string): string {
  return asciiDigits(text).replace(/\D/g, '');
}
