import type { Command } from 'commander';
import type { ChangedApiKey } from 'payos-sdk';
import { reportChange } from '../keys/report.ts';
import { askOperator } from '../operator.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { reason?: string; successors?: true; json?: true };

/** `payos keys disable`, `enable`, `finish-rotation` and `revoke`. */
export function keysSwitch(keys: Command, around: Surroundings): void {
  const verb = (name: string, description: string) => {
    const path = name.replace('-', '_');
    return keys
      .command(name)
      .description(description)
      .argument('<key>', 'its id, key_…; see `payos keys list`', idOf('key'))
      .option('--json', 'print JSON')
      .action(async (id: string, { json, ...body }: Options) => {
        const url = `/operator/api_keys/${id}/${path}`;
        reportChange(
          around.output,
          json,
          await askOperator<ChangedApiKey>(around, 'POST', url, body),
        );
      });
  };
  const reason = ['--reason <text>', 'kept with the key'] as const;
  verb('disable', 'Switch an API key off, so that it can be enabled again').option(...reason);
  verb('enable', 'Switch a disabled API key on again');
  verb('finish-rotation', 'End a rotated API key now, before its overlap is over');
  verb('revoke', 'Make an API key useless, for good; its record stays')
    .option(...reason)
    .option('--successors', 'also those that came of it by rotation');
}
