import type { Command } from 'commander';
import type { ApiKey } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { reason?: string; json?: true };

/** `payos keys revoke` */
export function keysRevoke(keys: Command, around: Surroundings): void {
  keys
    .command('revoke')
    .description('Make an API key useless, for good')
    .argument('<key>', 'its id, key_…; see `payos keys list`', idOf('key'))
    .option('--reason <text>', 'kept with the key')
    .option('--json', 'print JSON')
    .action(async (id: string, { reason, json }: Options) => {
      const path = `/operator/api_keys/${id}/revoke`;
      const key = await askOperator<ApiKey>(around, 'POST', path, { reason });
      if (json === true) return around.output.json(key);
      around.output.line(`${key.id} ("${key.name}") was revoked at ${key.revoked_at ?? '-'}.`);
    });
}
