import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ApiKeyPolicy, UpdateApiKeyPolicy } from 'payos-sdk';
import { numberOf } from '../keys/rights.ts';
import { askOperator } from '../operator.ts';
import { idOf, queryOf, wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = {
  mode: string;
  organization?: string;
  json?: true;
  maxAge?: number | 'none';
  onOverdue?: NonNullable<UpdateApiKeyPolicy['on_overdue']>;
  longestExpiry?: number | 'none';
  requireIpRanges?: boolean;
  oneService?: boolean;
  onPlainHttp?: NonNullable<UpdateApiKeyPolicy['on_plain_http']>;
  onLeakReport?: NonNullable<UpdateApiKeyPolicy['on_leak_report']>;
};

const acts = ['flag', 'disable', 'revoke'] as const;

/** `payos keys policy`: shows the rules of an organization for its keys, or changes them. */
export function keysPolicy(keys: Command, around: Surroundings): void {
  keys
    .command('policy')
    .description('Show the rules for API keys, or change those that are named')
    .addOption(new Option('--mode <mode>').choices(['test', 'live']).makeOptionMandatory())
    .option('--organization <id>', 'needed when there are several', idOf('org'))
    .option('--max-age <days>', 'when a key is to be replaced; none: never', days)
    .addOption(
      new Option('--on-overdue <act>', 'warn, give no more permissions, or end the key').choices([
        'warn',
        'freeze',
        'expire',
      ]),
    )
    .option('--longest-expiry <days>', 'how long a key may live; none: for ever', days)
    .option('--require-ip-ranges <yes|no>', 'every key is bound to addresses', yesOrNo)
    .option('--one-service <yes|no>', 'every key names the service that uses it', yesOrNo)
    .addOption(new Option('--on-plain-http <act>', 'sent without TLS').choices(acts))
    .addOption(new Option('--on-leak-report <act>', 'found by a scanner').choices(acts))
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { mode, organization, json } = options;
      const path = `/operator/api_key_policy${queryOf({ mode, organization })}`;
      const body = bodyOf(options);
      const policy =
        Object.keys(body).length === 0
          ? await askOperator<ApiKeyPolicy>(around, 'GET', path)
          : await askOperator<ApiKeyPolicy>(around, 'PATCH', path, body);
      if (json === true) return around.output.json(policy);
      const { object: _object, ...rules } = policy;
      for (const [name, value] of Object.entries(rules)) {
        around.output.line(`${`${name}:`.padEnd(22)}${shown(value)}`);
      }
    });
}

function bodyOf(options: Options): UpdateApiKeyPolicy {
  const { maxAge, onOverdue, longestExpiry, requireIpRanges, oneService } = options;
  const { onPlainHttp, onLeakReport } = options;
  return {
    ...(maxAge !== undefined && { max_age_days: numberOf(maxAge) }),
    ...(onOverdue && { on_overdue: onOverdue }),
    ...(longestExpiry !== undefined && { longest_expiry_days: numberOf(longestExpiry) }),
    ...(requireIpRanges !== undefined && { require_ip_ranges: requireIpRanges }),
    ...(oneService !== undefined && { one_service_per_key: oneService }),
    ...(onPlainHttp && { on_plain_http: onPlainHttp }),
    ...(onLeakReport && { on_leak_report: onLeakReport }),
  };
}

/** As the options take it. */
function shown(value: string | number | boolean | null): string | number {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value ?? 'none';
}

const days = (text: string): number | 'none' =>
  text === 'none' ? text : wholeNumber(1, 3650)(text);

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError('Say yes or no.');
}
