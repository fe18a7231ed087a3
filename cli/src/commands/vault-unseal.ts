import type { Command } from 'commander';
import { Complaint } from '../complaint.ts';
import { askVault } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';
import { readInput } from '../vault/input.ts';

export type SealStatus = {
  sealed: boolean;
  custody: {
    set: string;
    shares: number;
    threshold: number;
    check_value: string;
    given: number;
  } | null;
};

const help = `
The share is read from standard input, never from the command line, where other users see it:
  payos vault unseal --custodian "Ada Lovelace" < share.txt
Name, time and check value go into the audit log of the vault. Shares are forgotten after a quarter
of an hour, and when one of them turns out to be wrong.`;

/** `payos vault unseal` */
export function vaultUnseal(vault: Command, around: Surroundings): void {
  vault
    .command('unseal')
    .description('Give one share of the root of the keys')
    .requiredOption('--custodian <name>', 'whose share it is')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async ({ custodian, json }: { custodian: string; json?: true }) => {
      const share = (await readInput(around, 'The share, then Enter:')).trim();
      if (share === '') throw new Complaint('There is no share on standard input.');
      const body = { custodian, share };
      const status = await askVault<SealStatus>(around, '/custody/unseal', body);
      if (json === true) return around.output.json(status);
      around.output.line(describe(status));
    });
}

/** Seal and custody in one line. Shows no share, and the check value only to compare it. */
export function describe({ sealed, custody }: SealStatus): string {
  if (custody === null) return 'No custodians: the vault opens its keys by itself.';
  const { set, shares, threshold, given, check_value: value } = custody;
  const which = `set ${set}, ${threshold} of ${shares}, check value ${value}`;
  return sealed ? `Sealed: ${given} of ${threshold} shares (${which}).` : `Unsealed (${which}).`;
}
