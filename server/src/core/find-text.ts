/**
 * The RFC 6901 pointer of the first text or number in `value` that is such a one; of a name, that
 * of the object that has it.
 *
 * @param isPassedOver members that are not looked at
 */
export function findText(
  value: unknown,
  isSuch: (text: string) => boolean,
  isPassedOver: (name: string, member: unknown) => boolean = () => false,
  pointer = '',
): string | undefined {
  if (typeof value === 'string') return isSuch(value) ? pointer : undefined;
  if (typeof value === 'number') return isSuch(String(value)) ? pointer : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (isSuch(name)) return pointer;
    if (isPassedOver(name, member)) continue;
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const found = findText(member, isSuch, isPassedOver, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
