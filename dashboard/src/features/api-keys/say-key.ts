import { type Permission, permissions } from 'payos-contract';
import { counted } from '../../ui/index.ts';
import { presetOf } from './presets.ts';

/** `Payments server`, `12 permissions`, or the only one in words. */
export function saySummary(names: readonly string[]): string {
  const [only, second] = names;
  if (second === undefined && only !== undefined && Object.hasOwn(permissions, only)) {
    return permissions[only as Permission].text;
  }
  return presetOf(names)?.name ?? counted(names.length, 'permission');
}
