import { amountMax, currencyExponent } from 'payos-contract';

/**
 * Reads an amount as people type it, e.g. `19.99`, `1,234.50` or `12,50`. A comma that could be
 * either stands before thousands, as in the rest of the pages; digits beyond those of the currency
 * are not rounded away but refused.
 *
 * @returns minor units; undefined when it is not an amount of this currency
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const typed = text.trim().replaceAll(/(?<=\d)[\s'’](?=\d{3}(?:\D|$))/g, '');
  if (!/^[0-9.,]{1,30}$/.test(typed) || !/[0-9]/.test(typed)) return undefined;
  const mark = decimalMark(typed);
  const [whole = '', fraction = ''] = mark === undefined ? [typed] : splitAtLast(typed, mark);
  const digits = withoutGroups(whole);
  const exponent = currencyExponent(currency);
  if (digits === undefined || fraction.length > exponent) return undefined;
  const minor = Number(digits + fraction.padEnd(exponent, '0'));
  return minor >= 1 && minor <= amountMax ? minor : undefined;
}

/** Which mark, if any, stands before the fraction. */
function decimalMark(typed: string): string | undefined {
  const points = typed.split('.').length - 1;
  const commas = typed.split(',').length - 1;
  if (points === 0 && commas === 0) return undefined;
  if (points > 0 && commas > 0) return typed.lastIndexOf('.') > typed.lastIndexOf(',') ? '.' : ',';
  if (points + commas > 1) return undefined;
  if (points > 0) return '.';
  return /^[1-9]\d{0,2},\d{3}$/.test(typed) ? undefined : ',';
}

function splitAtLast(typed: string, mark: string): [whole: string, fraction: string] {
  const at = typed.lastIndexOf(mark);
  return [typed.slice(0, at), typed.slice(at + 1)];
}

/** The digits, where marks stand before groups of three and are all the same. */
function withoutGroups(whole: string): string | undefined {
  if (/^\d*$/.test(whole)) return whole;
  return /^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/.test(whole) ? whole.replaceAll(/[.,]/g, '') : undefined;
}

/** An amount as it can be typed: without currency and groups, e.g. `1234.50`. */
export function amountText(amount: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = String(amount).padStart(exponent + 1, '0');
  if (exponent === 0) return digits;
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
