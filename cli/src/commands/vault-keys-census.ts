import type { Command } from 'commander';
import { askVault } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';
import { keyColumns, type VaultKey, type Which, whichKeys, whichOf } from '../vault/keys.ts';

type Counted = VaultKey & { records: number };
type Census = { keys: Counted[]; strays: number };

/** `payos vault keys census` */
export function vaultKeysCensus(keys: Command, around: Surroundings): void {
  const census = keys.command('census').description('How many records lie under each version');
  whichKeys(census).action(async (options: Which & { json?: true }) => {
    const taken = await askVault<Census>(around, '/keys/census', whichOf(options));
    if (options.json === true) return around.output.json(taken);
    const columns = [...keyColumns, { title: 'records', of: ({ records }: Counted) => records }];
    around.output.table(taken.keys, columns, 'There are no keys yet: the first card makes some.');
    if (taken.strays > 0) {
      around.output.remark(`${taken.strays} records name keys that are not in the database.`);
    }
  });
}
