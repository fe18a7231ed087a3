import { type Command, Option } from 'commander';
import type { ApiKeyEntry, ApiKeyList } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Column } from '../output.ts';
import { idOf, queryOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { mode?: string; organization?: string; json?: true };

const columns: Column<ApiKeyEntry>[] = [
  { title: 'id', of: (key) => key.id },
  { title: 'name', of: (key) => key.name },
  { title: 'mode', of: (key) => key.mode },
  { title: 'kind', of: (key) => key.kind },
  { title: 'key', of: (key) => key.hint },
  { title: 'status', of: (key) => key.status },
  { title: 'created', of: (key) => key.created_at },
  { title: 'ends', of: (key) => key.retires_at ?? key.expires_at },
  { title: 'service', of: (key) => key.service },
  { title: 'organization', of: (key) => key.organization },
  { title: 'due', of: (key) => key.due_at },
  { title: 'last used', of: (key) => key.last_used_at },
  { title: 'exposed', of: (key) => key.exposed_how },
];

/** `payos keys list` */
export function keysList(keys: Command, around: Surroundings): void {
  keys
    .command('list')
    .description('List API keys, newest first')
    .addOption(new Option('--mode <mode>').choices(['test', 'live']))
    .option('--organization <id>', 'only those of one organization', idOf('org'))
    .option('--json', 'print JSON')
    .action(async ({ mode, organization, json }: Options) => {
      const path = `/operator/api_keys${queryOf({ mode, organization })}`;
      const list = await askOperator<ApiKeyList>(around, 'GET', path);
      if (json === true) return around.output.json(list);
      around.output.table(
        list.data,
        columns,
        'No API keys. Mint one: npx payos keys create --help',
      );
    });
}
