import type { Command } from 'commander';
import type { AccountUnlocked } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';

const help = `
Ten wrong tries lock an account for half an hour. Whoever knows the address can bring that about;
a passkey signs in all the same. Wrong tries are forgotten; password and factors stay.`;

/** `payos accounts unlock` */
export function accountsUnlock(accounts: Command, around: Surroundings): void {
  accounts
    .command('unlock')
    .description('Unlock an account before its time')
    .argument('<email>', 'of the account')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (email: string, { json }: { json?: true }) => {
      const path = '/operator/accounts/unlock';
      const done = await askOperator<AccountUnlocked>(around, 'POST', path, { email });
      if (json === true) return around.output.json(done);
      around.output.line(`${done.email} ${done.was_locked ? 'is unlocked.' : 'was not locked.'}`);
    });
}
