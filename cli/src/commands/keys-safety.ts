import { type Command, Option } from 'commander';
import type { ApiKeySafety } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Column } from '../output.ts';
import { idOf, queryOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { mode: string; organization?: string; json?: true };

const columns: Column<ApiKeySafety['data'][number]>[] = [
  { title: 'severity', of: ({ severity }) => severity },
  { title: 'id', of: ({ key }) => key.id },
  { title: 'name', of: ({ key }) => key.name },
  { title: 'finding', of: ({ finding }) => finding },
  { title: 'fix', of: ({ fix }) => fix },
  { title: 'why', of: ({ detail }) => detail },
];

/** `payos keys safety` */
export function keysSafety(keys: Command, around: Surroundings): void {
  keys
    .command('safety')
    .description('What could be safer about the living API keys, most urgent first')
    .addOption(new Option('--mode <mode>').choices(['test', 'live']).makeOptionMandatory())
    .option('--organization <id>', 'needed when there are several', idOf('org'))
    .option('--json', 'print JSON')
    .action(async ({ mode, organization, json }: Options) => {
      const path = `/operator/api_key_safety${queryOf({ mode, organization })}`;
      const safety = await askOperator<ApiKeySafety>(around, 'GET', path);
      if (json === true) return around.output.json(safety);
      around.output.table(safety.data, columns, 'Nothing was found.');
      around.output.remark(`Looked at ${safety.keys} ${safety.keys === 1 ? 'key' : 'keys'}.`);
    });
}
