import type { Command } from 'commander';
import type { ChangedApiKey, UpdateApiKey } from 'payos-sdk';
import { reportChange } from '../keys/report.ts';
import { type RightsOptions, rightsOf, withRights } from '../keys/rights.ts';
import { askOperator } from '../operator.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = RightsOptions & { name?: string; owner?: string; json?: true };

/** `payos keys update` */
export function keysUpdate(keys: Command, around: Surroundings): void {
  const command = keys
    .command('update')
    .description('Change what an API key may do, from where and until when')
    .argument('<key>', 'its id, key_…; see `payos keys list`', idOf('key'))
    .option('--name <name>', 'what or who uses it')
    .option('--owner <member>', 'who looks after it from now on, mem_…', idOf('mem'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nWhat is not named stays as it is. `none` takes a bound away.');
  withRights(command).action(async (id: string, { name, owner, json, ...rest }: Options) => {
    const body: UpdateApiKey = { ...rightsOf(rest) };
    if (name !== undefined) body.name = name;
    if (owner !== undefined) body.owner = owner;
    if (Object.keys(body).length === 0) command.error('error: nothing is to be changed');
    const path = `/operator/api_keys/${id}`;
    const key = await askOperator<ChangedApiKey>(around, 'PATCH', path, body);
    reportChange(around.output, json, key);
  });
}
