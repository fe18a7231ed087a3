import { InvalidArgumentError } from 'commander';

/** A commander parser: a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A commander parser: a list separated by commas. */
export function commaList(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part !== '')) return parts;
  throw new InvalidArgumentError('It must be a list such as a,b without empty parts.');
}

/** A commander parser: an id with a prefix, so that a wrong one cannot change a path. */
export function idOf(prefix: string): (text: string) => string {
  return (text) => {
    if (text.startsWith(`${prefix}_`) && /^[A-Za-z0-9_]{1,64}$/.test(text)) return text;
    throw new InvalidArgumentError(`It must be an id such as ${prefix}_….`);
  };
}

/** `?a=b` from the values that are there. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}
