import { asciiDigits, digitsOf } from './digits.ts';
import type { PartRules } from './part.ts';

export type Expiry = { month: number; year: number };

/** Four digits, month and year, as numbers. */
export function expiryOf(value: string): Expiry {
  return { month: Number(value.slice(0, 2)), year: 2000 + Number(value.slice(2)) };
}

/** A month that begins with its only digit. */
function pad(digits: string): string {
  const month = Number(digits.slice(0, 2));
  return /^[2-9]/.test(digits) || (digits.length > 1 && month > 12) ? `0${digits}` : digits;
}

/** Month and year in the orders that people, browsers and password managers write them. */
function read(text: string): string {
  const [first = '', second, ...more] = asciiDigits(text).split(/\D+/).filter(Boolean);
  if (second !== undefined && more.length === 0) {
    if (first.length === 4) return shorten(second.padStart(2, '0') + first);
    if (first.length <= 2) return shorten(first.padStart(2, '0') + second);
  }
  const isMonth = first.length === 1 && first !== '0' && /\D\s*$/.test(text.trimStart());
  return shorten(pad(isMonth ? `0${first}` : digitsOf(text)));
}

/** A year may be typed with its century; `20` alone is the beginning of one. */
function shorten(digits: string): string {
  const year = digits.slice(2);
  if (!year.startsWith('20')) return digits.slice(0, 4);
  return year.length < 4 ? digits : digits.slice(0, 2) + year.slice(2, 4);
}

/** @param today year and month of now */
export function expiryRules(today: () => Expiry): PartRules {
  return {
    read,
    show: (value) => (value.length < 2 ? value : `${value.slice(0, 2)} / ${value.slice(2)}`),
    judge: (value) => {
      const { month, year } = expiryOf(value);
      if (value.length >= 2 && (month < 1 || month > 12)) return 'invalid';
      if (value.length !== 4) return 'incomplete';
      const now = today();
      return year * 12 + month < now.year * 12 + now.month ? 'expired' : 'complete';
    },
    // The year 20 of this century is over: more will come.
    isFull: (value) => value.length === 4 && !value.endsWith('20'),
    isEnough: (value) => value.length === 4,
  };
}
