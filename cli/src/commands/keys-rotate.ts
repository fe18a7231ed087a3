import { type Command, InvalidArgumentError } from 'commander';
import type { RotateApiKey, RotatedApiKey } from 'payos-sdk';
import { expiry, timeOf } from '../keys/rights.ts';
import { askOperator } from '../operator.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { overlap?: number; expires?: string; publicKey?: string; json?: true };

/** `payos keys rotate`: the successor goes to the output once, everything else beside it. */
export function keysRotate(keys: Command, around: Surroundings): void {
  keys
    .command('rotate')
    .description('Replace an API key by a successor with the same rights; it is shown once')
    .argument('<key>', 'its id, key_…; see `payos keys list`', idOf('key'))
    .option('--overlap <time>', 'how long both work: 0, or up to 7d, such as 12h (1d)', overlap)
    .option('--expires <when>', 'when the successor ends: 2027-01-31, 90d, never', expiry)
    .option('--public-key <text>', 'of the successor, where the key signs requests')
    .option('--json', 'print JSON')
    .action(async (id: string, { overlap, expires, publicKey, json }: Options) => {
      const body: RotateApiKey = {};
      if (overlap !== undefined) body.overlap_seconds = overlap;
      if (expires !== undefined) body.expires_at = timeOf(expires);
      if (publicKey !== undefined) body.public_key = publicKey;
      const path = `/operator/api_keys/${id}/rotate`;
      const rotated = await askOperator<RotatedApiKey>(around, 'POST', path, body);
      const { output } = around;
      if (json === true) return output.json(rotated);
      const { predecessor, successor } = rotated;
      output.remark(`${successor.id} succeeds ${predecessor.id} ("${predecessor.name}"),`);
      output.remark(`which works until ${predecessor.retires_at ?? '-'}.`);
      output.remark(`Who still uses it: npx payos keys show ${predecessor.id}`);
      output.remark(`When nobody does:  npx payos keys finish-rotation ${predecessor.id}`);
      output.line(successor.key ?? successor.id);
    });
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

function overlap(text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? [];
  const value = Number(digits) * seconds[unit as keyof typeof seconds];
  if (digits !== undefined && value <= 7 * seconds.d) return value;
  throw new InvalidArgumentError('Write it like 0, 30m, 12h or 7d; seven days at most.');
}
