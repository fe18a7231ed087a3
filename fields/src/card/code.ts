import { type Brand, codeLengths } from './brand.ts';
import { digitsOf } from './digits.ts';
import type { PartRules } from './part.ts';

/** @param brand of the number, as far as it is known */
export function codeRules(brand: () => Brand): PartRules {
  return {
    read: (text) => digitsOf(text).slice(0, 4),
    show: (value) => value,
    judge: (value) => {
      const lengths = codeLengths(brand());
      if (lengths.includes(value.length)) return 'complete';
      return value.length > Math.max(...lengths) ? 'invalid' : 'incomplete';
    },
    isFull: (value) => value.length >= Math.max(...codeLengths(brand())),
    isEnough: () => false,
  };
}
