import type { Command } from 'commander';
import type { CreateOrganization, Organization } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';

/** `payos organizations create` */
export function organizationsCreate(organizations: Command, around: Surroundings): void {
  organizations
    .command('create')
    .description('Create an organization: a merchant with keys and data of its own')
    .requiredOption('--name <name>', 'of the business')
    .option('--json', 'print JSON')
    .action(async ({ name, json }: { name: string; json?: true }) => {
      const body: CreateOrganization = { name };
      const path = '/operator/organizations';
      const created = await askOperator<Organization>(around, 'POST', path, body);
      if (json === true) return around.output.json(created);
      around.output.remark(`Organization "${created.name}" was created.`);
      around.output.line(created.id);
    });
}
