/**
 * Whether the check digit is right (ISO/IEC 7812-1, annex B).
 *
 * @param digits ASCII codes of the digits
 */
export function passesLuhn(digits: Uint8Array): boolean {
  let sum = 0;
  let double = false;
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const digit = (digits[at] ?? 48) - 48;
    const weighted = double ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
    double = !double;
  }
  return sum % 10 === 0;
}
