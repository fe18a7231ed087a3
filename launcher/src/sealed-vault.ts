import { askOperator } from './operator.ts';

/**
 * What to say of a vault that waits for its custodians, and until then takes and sends no card.
 *
 * @param socket the vault's
 * @returns undefined when it is open
 */
export async function sealedNotice(socket: string): Promise<string | undefined> {
  const { sealed, custody } = await askOperator(socket, 'POST', '/custody/status', {});
  if (sealed !== true) return undefined;
  const { threshold, shares } = Object(custody);
  const who = `${threshold} of ${shares} custodians`;
  return `The vault is sealed. ${who} open it: npx payos vault unseal --custodian <name>`;
}
