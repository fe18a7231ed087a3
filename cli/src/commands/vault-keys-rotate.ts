import type { Command } from 'commander';
import { Complaint } from '../complaint.ts';
import { askVault } from '../operator.ts';
import { wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';
import { keyColumns, whichKeys, whichOf } from '../vault/keys.ts';
import { type Rotation, rotateKeys } from '../vault/rotate-keys.ts';

const help = `
New records are made under the new versions from then on; then the data keys of all others are
wrapped anew, and the keyed hashes behind fingerprints are made anew, beside payments. It can be
ended at any time, and run again: it goes on where it was.
What is left after it: \`payos vault keys retire\`, then \`destroy\`.`;

type Options = {
  organization?: string;
  mode?: string;
  purpose?: string;
  olderThan?: number;
  dryRun?: true;
  skipBroken?: true;
  json?: true;
};

/** `payos vault keys rotate` */
export function vaultKeysRotate(keys: Command, around: Surroundings): void {
  const rotate = keys
    .command('rotate')
    .description('Replace keys by new versions, and move what lies under them')
    .option('--older-than <days>', 'only keys that are so old', wholeNumber(0, 3650))
    .option('--dry-run', 'only say what would be done')
    .option('--skip-broken', 'go on where a record does not open, instead of ending there')
    .addHelpText('after', help);
  whichKeys(rotate).action(async (options: Options) => {
    const ask = <T>(path: string, body: object) => askVault<T>(around, path, body);
    const done = await rotateKeys(ask, whichOf(options), {
      olderThanDays: options.olderThan ?? 0,
      isDry: options.dryRun === true,
      skipBroken: options.skipBroken === true,
      tell: (text) => around.output.remark(text),
    });
    report(around, done, options);
    if (done.broken.length > 0) throw brokenOnes(done.broken);
    if (done.left > 0 && options.dryRun !== true) {
      throw new Complaint(`Not moved yet: ${done.left}.`, ['fix: Run this again.']);
    }
  });
}

function report({ output }: Surroundings, done: Rotation, { json, dryRun }: Options): void {
  if (json === true) {
    output.json(done);
    return;
  }
  const former = [...done.rotated, ...done.unfinished];
  output.table(former, keyColumns, 'There is nothing to rotate.');
  if (former.length === 0) return;
  if (dryRun === true) {
    output.remark(`Records to move: ${done.left}. Nothing was changed.`);
    return;
  }
  output.remark(`Records moved: ${done.moved}. Versions now empty: ${done.finished.length}.`);
  if (done.aging > 0) {
    output.remark(`Records of repeated requests: ${done.aging}. They go within a day.`);
  }
}

function brokenOnes(tokens: readonly string[]): Complaint {
  return new Complaint('Records do not open. They were left as they are.', [
    ...[...new Set(tokens)].map((token) => `token: ${token}`),
    'fix: Find out what changed them: nobody can read these cards. With --skip-broken the others',
    '     are moved; delete the tokens to finish the rotation.',
  ]);
}
