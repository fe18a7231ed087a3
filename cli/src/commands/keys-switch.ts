import type { Command } from 'commander';
import type { ApiKeyDetail, ChangedApiKey } from 'payos-sdk';
import { reportChange } from '../keys/report.ts';
import { askOperator } from '../operator.ts';
import type { Output } from '../output.ts';
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
        const key = await askOperator<ChangedApiKey>(around, 'POST', url, body);
        reportChange(around.output, json, key);
        if (name !== 'revoke') return;
        const successors = await successorsOf(around, key);
        if (body.successors === true) reportEnded(around.output, json, successors);
        else warnOfLiving(around.output, successors);
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

/** Those that came of a key by rotation, the nearest first. */
async function successorsOf(
  around: Surroundings,
  key: Pick<ApiKeyDetail, 'successor'>,
): Promise<ApiKeyDetail[]> {
  const chain: ApiKeyDetail[] = [];
  let next: string | null | undefined = key.successor;
  while (typeof next === 'string') {
    const one: ApiKeyDetail = await askOperator<ApiKeyDetail>(
      around,
      'GET',
      `/operator/api_keys/${next}`,
    );
    chain.push(one);
    next = one.successor;
  }
  return chain;
}

function reportEnded(output: Output, json: true | undefined, ended: readonly ApiKeyDetail[]): void {
  if (json === true) return;
  for (const { id, name, status } of ended) output.line(`${id} ("${name}") is ${status}.`);
}

/** Whoever had a key that may roll itself may have its successor as well. */
function warnOfLiving(output: Output, successors: readonly ApiKeyDetail[]): void {
  for (const { id, status } of successors) {
    if (status === 'revoked' || status === 'expired') continue;
    const works = status === 'disabled' ? 'can be enabled again' : 'still works';
    output.remark(`Its successor ${id} ${works}: add --successors to end it, too.`);
  }
}
