import { type Command, Option } from 'commander';
import type { ApiKeyWithSecret, OperatorCreateApiKey } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import { commaList, idOf, wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = {
  mode: OperatorCreateApiKey['mode'];
  name: string;
  permissions?: OperatorCreateApiKey['permissions'];
  publishable?: true;
  publicKey?: string;
  organization?: string;
  owner?: string;
  rateLimit?: number;
  json?: true;
};

/** `payos keys create`: the key itself goes to the output once, everything else beside it. */
export function keysCreate(keys: Command, around: Surroundings): void {
  keys
    .command('create')
    .description('Mint an API key; it is shown once')
    .addOption(new Option('--mode <mode>').choices(['test', 'live']).makeOptionMandatory())
    .requiredOption('--name <name>', 'what or who uses it')
    .option('--permissions <list>', 'such as payments:read,payments:write (all)', commaList)
    .option('--publishable', 'for browsers: may only create tokens')
    .addOption(
      new Option('--public-key <text>', 'of a key pair that signs requests').conflicts([
        'publishable',
      ]),
    )
    .option('--organization <id>', 'needed when there are several', idOf('org'))
    .option('--owner <email>', 'the member whose key it is')
    .option('--rate-limit <number>', 'requests per second', wholeNumber(1, 1_000_000))
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const created = await askOperator<ApiKeyWithSecret>(
        around,
        'POST',
        '/operator/api_keys',
        bodyOf(options),
      );
      const { output } = around;
      if (options.json === true) output.json(created);
      else {
        output.remark(`${created.id}: ${created.kind} ${created.mode} key "${created.name}"`);
        output.remark(`Permissions: ${created.permissions.join(', ')}`);
        output.line(created.key ?? created.id);
      }
      if (created.key === null) return;
      output.remark('The key is shown this once only. Keep it where you keep secrets.');
    });
}

function bodyOf({ publishable, publicKey, rateLimit, json: _json, ...rest }: Options) {
  const body: OperatorCreateApiKey = { ...rest };
  if (rateLimit !== undefined) body.rate_limit = rateLimit;
  if (publishable === true) body.kind = 'publishable';
  if (publicKey !== undefined) Object.assign(body, { kind: 'signing', public_key: publicKey });
  return body;
}
