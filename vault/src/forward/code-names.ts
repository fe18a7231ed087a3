/**
 * What members are called that hold a security code, at processors and elsewhere: as part of a
 * pattern that takes no notice of capitals. Three digits occur in any answer by chance, so that
 * only the name tells.
 */
export const codeNames = [
  'cvc',
  'cvv',
  'cvn',
  'cvd',
  'csc',
  'card_?code',
  'security[^0-9A-Za-z]{0,6}code',
  'verification[^0-9A-Za-z]{0,6}(?:code|value|number)',
].join('|');
