import type { Command } from 'commander';
import type { Organization, OrganizationList } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Column } from '../output.ts';
import type { Surroundings } from '../surroundings.ts';

const columns: Column<Organization>[] = [
  { title: 'id', of: (organization) => organization.id },
  { title: 'name', of: (organization) => organization.name },
  { title: 'created', of: (organization) => organization.created_at },
];

/** `payos organizations list` */
export function organizationsList(organizations: Command, around: Surroundings): void {
  organizations
    .command('list')
    .description('List organizations')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const path = '/operator/organizations';
      const list = await askOperator<OrganizationList>(around, 'GET', path);
      if (json === true) return around.output.json(list);
      const empty = 'No organizations. Create one: payos organizations create --name …';
      around.output.table(list.data, columns, empty);
    });
}
