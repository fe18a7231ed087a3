import { type Command, Option } from 'commander';
import type { ApiKeyWithSecret, OperatorCreateApiKey } from 'payos-sdk';
import { type RightsOptions, rightsOf, withRights } from '../keys/rights.ts';
import { askOperator } from '../operator.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = RightsOptions & {
  mode: OperatorCreateApiKey['mode'];
  name: string;
  publishable?: true;
  publicKey?: string;
  organization?: string;
  owner?: string;
  json?: true;
};

/** `payos keys create`: the key itself goes to the output once, everything else beside it. */
export function keysCreate(keys: Command, around: Surroundings): void {
  const command = keys
    .command('create')
    .description('Mint an API key; it is shown once')
    .addOption(new Option('--mode <mode>').choices(['test', 'live']).makeOptionMandatory())
    .requiredOption('--name <name>', 'what or who uses it')
    .option('--publishable', 'for browsers: may only create tokens')
    .addOption(
      new Option('--public-key <text>', 'of a key pair that signs requests').conflicts([
        'publishable',
      ]),
    )
    .option('--organization <id>', 'needed when there are several', idOf('org'))
    .option('--owner <email>', 'the member whose key it is')
    .option('--json', 'print JSON');
  withRights(command).action(async (options: Options) => {
    const body = bodyOf(options);
    const created = await askOperator<ApiKeyWithSecret>(around, 'POST', '/operator/api_keys', body);
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

function bodyOf({ mode, name, organization, owner, publishable, publicKey, ...rest }: Options) {
  const body: OperatorCreateApiKey = { mode, name, ...rightsOf(rest) };
  if (organization !== undefined) body.organization = organization;
  if (owner !== undefined) body.owner = owner;
  if (publishable === true) body.kind = 'publishable';
  if (publicKey !== undefined) Object.assign(body, { kind: 'signing', public_key: publicKey });
  return body;
}
