import type { Command } from 'commander';
import type { ApiKeyUsage, ChangedApiKey } from 'payos-sdk';
import { Complaint } from '../complaint.ts';
import { reportChange } from '../keys/report.ts';
import { askOperator } from '../operator.ts';
import { commaList, idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { unused?: true; without?: string[]; json?: true };

/** `payos keys narrow`: takes permissions away, those that nobody uses or those that are named. */
export function keysNarrow(keys: Command, around: Surroundings): void {
  const command = keys
    .command('narrow')
    .description('Take permissions away from an API key')
    .argument('<key>', 'its id, key_…; see `payos keys list`', idOf('key'))
    .option('--unused', 'those that it has not used in 90 days')
    .option('--without <list>', 'these, such as refunds:write,customers:write', commaList)
    .option('--json', 'print JSON')
    .action(async (id: string, { unused, without = [], json }: Options) => {
      if (unused !== true && without.length === 0) {
        command.error('error: say --unused, --without <list>, or both');
      }
      const path = `/operator/api_keys/${id}`;
      const usage = await askOperator<ApiKeyUsage>(around, 'GET', `${path}/usage`);
      requireAll(usage, without);
      const { taken, left } = split(usage, unused === true, without);
      if (taken.length === 0) return around.output.remark('There is nothing to take away.');
      if (left.length === 0) {
        throw new Complaint('Nothing would be left of it.', [
          `fix: Revoke it: npx payos keys revoke ${id}`,
        ]);
      }
      const key = await askOperator<ChangedApiKey>(around, 'PATCH', path, { permissions: left });
      around.output.remark(`Taken away: ${taken.join(', ')}`);
      around.output.remark(`It may still: ${left.join(', ')}`);
      reportChange(around.output, json, key);
    });
}

/** @throws Complaint for what the key does not have: a slip would leave what was meant */
function requireAll({ permissions }: ApiKeyUsage, names: readonly string[]): void {
  const had = permissions.map((one) => one.permission);
  const missing = names.filter((name) => !had.includes(name));
  if (missing.length === 0) return;
  throw new Complaint(`The key does not have ${missing.join(', ')}. Nothing was changed.`, [
    `fix: Name some of what it has: ${had.join(', ')}`,
  ]);
}

function split({ permissions }: ApiKeyUsage, unused: boolean, without: readonly string[]) {
  const goes = permissions.filter(
    (one) => (unused && one.unused) || without.includes(one.permission),
  );
  const namesOf = (all: ApiKeyUsage['permissions']) => all.map((one) => one.permission);
  const stays = permissions.filter((one) => !goes.includes(one));
  return { taken: namesOf(goes), left: namesOf(stays) };
}
