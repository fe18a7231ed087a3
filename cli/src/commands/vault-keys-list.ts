import type { Command } from 'commander';
import { askVault } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';
import { keyColumns, type VaultKey, type Which, whichKeys, whichOf } from '../vault/keys.ts';

/** `payos vault keys list` */
export function vaultKeysList(keys: Command, around: Surroundings): void {
  const list = keys.command('list').description('Every version of every key, and its state');
  whichKeys(list).action(async (options: Which & { json?: true }) => {
    const { data } = await askVault<{ data: VaultKey[] }>(around, '/keys/list', whichOf(options));
    if (options.json === true) return around.output.json({ data });
    const columns = [
      ...keyColumns,
      { title: 'since', of: ({ state_at }: VaultKey) => state_at.slice(0, 10) },
      { title: 'by', of: ({ state_by }: VaultKey) => state_by },
    ];
    around.output.table(data, columns, 'There are no keys yet: the first card makes some.');
  });
}
