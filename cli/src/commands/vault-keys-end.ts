import type { Command } from 'commander';
import { askVault } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';
import { keyId, type VaultKey, whoami } from '../vault/keys.ts';

const retireHelp = `
Refused while a record lies under the version. A retired version opens nothing; what should turn up
under it after all can be read again after \`restore\`.`;
const destroyHelp = `
Removes the wrapped key, for good. The version must have been retired for as long as
PAYOS_VAULT_KEY_DESTROY_DAYS says. Copies of the database that are older still hold the wrapped key:
whoever has one, and the root, can open what was sealed when it was made.`;

type Options = { json?: true };

/** `payos vault keys retire`, `restore` and `destroy` */
export function vaultKeysEnd(keys: Command, around: Surroundings): void {
  const act = async (path: string, body: object, { json }: Options) => {
    const key = await askVault<VaultKey>(around, path, { ...body, by: whoami() });
    if (json === true) return around.output.json(key);
    const { id, version, purpose, mode, organization, state } = key;
    const what = `version ${version} for ${purpose}, ${mode} mode of ${organization}`;
    around.output.line(`${id} (${what}) is ${state}.`);
  };
  keys
    .command('retire')
    .description('Take a former version out of use')
    .argument('<key>', 'of `payos vault keys list`', keyId)
    .option('--json', 'print JSON')
    .addHelpText('after', retireHelp)
    .action((key: string, options: Options) => act('/keys/retire', { key }, options));
  keys
    .command('restore')
    .description('Undo `retire`')
    .argument('<key>', 'of `payos vault keys list`', keyId)
    .option('--json', 'print JSON')
    .action((key: string, options: Options) => act('/keys/restore', { key }, options));
  keys
    .command('destroy')
    .description('Destroy a retired version')
    .argument('<key>', 'of `payos vault keys list`', keyId)
    .requiredOption('--yes <key>', 'the id once more: this cannot be undone')
    .option('--at-once', 'do not wait; only for keys of test mode')
    .option('--json', 'print JSON')
    .addHelpText('after', destroyHelp)
    .action((key: string, { yes, atOnce, json }: Options & { yes: string; atOnce?: true }) =>
      act(
        '/keys/destroy',
        { key, confirm: yes, at_once: atOnce === true },
        { ...(json && { json }) },
      ),
    );
}
