import type { Command } from 'commander';
import type { ApiKeyDetail, ApiKeyUsage } from 'payos-sdk';
import { reportPropagation } from '../keys/report.ts';
import { askOperator } from '../operator.ts';
import type { Column, Output } from '../output.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

const columns: Column<ApiKeyUsage['uses'][number]>[] = [
  { title: 'last used', of: (use) => use.last_used_at },
  { title: 'address', of: (use) => use.address },
  { title: 'requests', of: (use) => use.requests },
  { title: 'program', of: (use) => use.user_agent },
];

/** `payos keys show`: the key, and who uses it. */
export function keysShow(keys: Command, around: Surroundings): void {
  keys
    .command('show')
    .description('Show an API key: what it may do, when it ends, who uses it and from where')
    .argument('<key>', 'its id, key_…; see `payos keys list`', idOf('key'))
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: true }) => {
      const path = `/operator/api_keys/${id}`;
      const [key, usage] = await Promise.all([
        askOperator<ApiKeyDetail>(around, 'GET', path),
        askOperator<ApiKeyUsage>(around, 'GET', `${path}/usage`),
      ]);
      const { output } = around;
      if (json === true) return output.json({ ...key, usage });
      for (const [name, value] of factsOf(key)) {
        if (value !== null && value !== '') output.line(`${`${name}:`.padEnd(15)}${value}`);
      }
      printPermissions(output, usage);
      output.line('');
      output.table(usage.uses, columns, 'Nobody has used it.');
      if (key.last_change !== null) {
        output.remark(`Last change: ${key.last_change.at}`);
        reportPropagation(output, key.last_change);
      }
    });
}

function factsOf(key: ApiKeyDetail): [string, string | null][] {
  const limits = key.amount_limits.map(
    ({ currency, per_payment, per_day }) =>
      `${currency}: ${per_payment ?? 'any'} per payment, ${per_day ?? 'any'} per day`,
  );
  return [
    ['id', key.id],
    ['name', key.name],
    ['service', key.service],
    ['key', key.hint],
    ['status', `${key.status} (${key.kind}, ${key.mode} mode)`],
    ['owner', key.owner_name],
    ['created', key.created_at],
    ['due', key.due_at],
    ['expires', key.expires_at],
    ['retires', key.retires_at],
    ['successor', key.successor],
    ['predecessor', key.predecessor],
    ['exposed', key.exposed_at && `${key.exposed_at} (${key.exposed_how})`],
    ['exposed where', key.exposed_where],
    ['disabled', key.disabled_at && `${key.disabled_at} ${key.disabled_reason ?? ''}`],
    ['revoked', key.revoked_at && `${key.revoked_at} ${key.revoked_reason ?? ''}`],
    ['addresses', key.ip_ranges.join(', ')],
    ['origins', key.allowed_origins.join(', ')],
    ['limits', limits.join('; ')],
    ['customers', key.customers.join(', ')],
    ['rate limit', key.rate_limit === null ? null : `${key.rate_limit} per second`],
    ['beyond owner', key.beyond_owner.join(', ')],
  ];
}

function printPermissions(output: Output, { permissions }: ApiKeyUsage): void {
  output.line('permissions:');
  for (const { permission, last_used_at, unused } of permissions) {
    const used = last_used_at === null ? 'not used' : `last used ${last_used_at}`;
    output.line(`  ${permission}: ${used}${unused ? ' (unused for 90 days)' : ''}`);
  }
}
