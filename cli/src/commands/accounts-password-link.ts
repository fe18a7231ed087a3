import type { Command } from 'commander';
import type { PasswordLink } from 'payos-sdk';
import { askOperator } from '../operator.ts';
import type { Surroundings } from '../surroundings.ts';

const help = `
The link works once, for half an hour; give it to the person it is for and to nobody else. Their
second factors stay, and are needed to sign in after it. When they use it, all their sessions end.
Where PayOS can send mail, people ask for such a link themselves, under "Forgot password".`;

/** `payos accounts password-link`: only the link goes to the output, the rest beside it. */
export function accountsPasswordLink(accounts: Command, around: Surroundings): void {
  accounts
    .command('password-link')
    .description('Make a link with which a person chooses a new password')
    .argument('<email>', 'of the account')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (email: string, { json }: { json?: true }) => {
      const path = '/operator/accounts/password_links';
      const made = await askOperator<PasswordLink>(around, 'POST', path, { email });
      if (json === true) return around.output.json(made);
      around.output.remark(`For ${made.email}, once, until ${made.expires_at}.`);
      around.output.line(made.link);
    });
}
