/**
 * The RFC 6901 pointer of the first text or number in `value` that is such a one; of a name, that
 * of the object that has it.
 */
export function findText(
  value: unknown,
  isSuch: (text: string) => boolean,
  pointer = '',
): string | undefined {
  if (typeof value === 'string') return isSuch(value) ? pointer : undefined;
  if (typeof value === 'number') return isSuch(String(value)) ? pointer : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (isSuch(name)) return pointer;
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const found = findText(member, isSuch, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
