import { type Brand, findBrand } from './brand.ts';
import { digitsOf } from './digits.ts';
import { passesLuhn } from './luhn.ts';
import type { PartRules } from './part.ts';

const lengthMax = 19;

/** Lengths of the groups as they stand on cards; what is left over is one more group. */
function groupsOf(brand: Brand, length: number): readonly number[] {
  if (brand === 'amex') return [4, 6, 5];
  if (brand === 'diners' && length <= 14) return [4, 6, 4];
  return [4, 4, 4, 4, 3];
}

/** Of brands that have longer numbers on paper only. */
function usualLength(value: string): number {
  const { brand, lengths } = findBrand(value);
  if (brand === 'visa' || brand === 'discover' || brand === 'jcb') return 16;
  return brand === 'diners' ? 14 : Math.max(...lengths);
}

/** 12 to 19 digits in groups (ISO/IEC 7812-1). */
export const numberRules: PartRules = {
  read: (text) => {
    const digits = digitsOf(text).slice(0, lengthMax);
    return digits.slice(0, Math.max(...findBrand(digits).lengths));
  },
  show: (value) => {
    let at = 0;
    const groups = groupsOf(findBrand(value).brand, value.length).map((length) => {
      at += length;
      return value.slice(at - length, at);
    });
    return groups.filter((group) => group !== '').join(' ');
  },
  judge: (value) => {
    const { lengths } = findBrand(value);
    if (lengths.includes(value.length) && passesLuhn(value)) return 'complete';
    return value.length < (lengths[0] ?? lengthMax) ? 'incomplete' : 'invalid';
  },
  isFull: (value) => value.length >= Math.max(...findBrand(value).lengths),
  isEnough: (value) => value.length === usualLength(value),
};
