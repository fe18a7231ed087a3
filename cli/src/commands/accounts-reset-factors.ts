import type { Command } from 'commander';
import type { FactorsReset } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';

const help = `
It removes every passkey, the authenticator app and the recovery codes of the person, ends all
their sessions and a lock. For a day their password alone is enough to enrol a new factor. They are
told by mail, and the audit log of each of their organizations keeps it.

Use it when nobody in the organization can help, such as for its only owner. Make sure that you
speak to that person: whoever knows the password gets in after this.`;

/** `payos accounts reset-factors` */
export function accountsResetFactors(accounts: Command, around: Surroundings): void {
  accounts
    .command('reset-factors')
    .description('Let a person who lost every second factor enrol new ones')
    .argument('<email>', 'of the account')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (email: string, { json }: { json?: true }) => {
      const path = '/operator/accounts/reset_factors';
      const reset = await askOperator<FactorsReset>(around, 'POST', path, { email });
      if (json === true) return around.output.json(reset);
      around.output.line(`${reset.email}: every factor was removed, all sessions were ended.`);
      around.output.remark(`The password alone is enough to enrol until ${reset.enroll_until}.`);
    });
}
