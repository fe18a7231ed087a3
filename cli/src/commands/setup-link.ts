import type { Command } from 'commander';
import type { SetupLink } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { organization?: string; json?: true };

/** `payos setup-link`: the link itself goes to the output, everything else beside it. */
export function setupLink(program: Command, around: Surroundings): void {
  program
    .command('setup-link')
    .description('Make the link with which the first owner sets PayOS up; the one before is void')
    .option('--organization <id>', 'needed when there are several', idOf('org'))
    .option('--json', 'print JSON')
    .action(async ({ organization, json }: Options) => {
      const path = '/operator/setup_links';
      const made = await askOperator<SetupLink>(around, 'POST', path, { organization });
      if (json === true) return around.output.json(made);
      if (made.link === null) {
        return around.output.remark('The organization has an owner: they invite everybody else.');
      }
      around.output.remark('This link works once, for 24 hours. Open it in a browser.');
      around.output.line(made.link);
    });
}
