import type { Permission } from 'payos-contract';

/** What lets a key handle card numbers: to bring them from a server, or to read them again. */
export const cardPermissions = [
  'cards:create_raw',
  'cards:reveal',
] as const satisfies readonly Permission[];

/** Whether a key with these permissions may handle card numbers while the card gate is open. */
export function touchesCards(permissions: readonly string[]): boolean {
  return cardPermissions.some((name) => permissions.includes(name));
}
