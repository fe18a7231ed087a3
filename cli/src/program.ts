import { Command } from 'commander';
import { accountsPasswordLink } from './commands/accounts-password-link.ts';
import { accountsResetFactors } from './commands/accounts-reset-factors.ts';
import { accountsUnlock } from './commands/accounts-unlock.ts';
import { eventsList } from './commands/events-list.ts';
import { keysCheckLeak } from './commands/keys-check-leak.ts';
import { keysCreate } from './commands/keys-create.ts';
import { keysGenerateSigningKey } from './commands/keys-generate-signing-key.ts';
import { keysList } from './commands/keys-list.ts';
import { keysNarrow } from './commands/keys-narrow.ts';
import { keysPolicy } from './commands/keys-policy.ts';
import { keysRotate } from './commands/keys-rotate.ts';
import { keysSafety } from './commands/keys-safety.ts';
import { keysShow } from './commands/keys-show.ts';
import { keysSwitch } from './commands/keys-switch.ts';
import { keysUpdate } from './commands/keys-update.ts';
import { organizationsCreate } from './commands/organizations-create.ts';
import { organizationsList } from './commands/organizations-list.ts';
import { paymentsGet } from './commands/payments-get.ts';
import { paymentsList } from './commands/payments-list.ts';
import { pciReport } from './commands/pci-report.ts';
import { setupLink } from './commands/setup-link.ts';
import { triggerPayment } from './commands/trigger-payment.ts';
import { vaultCustody } from './commands/vault-custody.ts';
import { vaultKeysCensus } from './commands/vault-keys-census.ts';
import { vaultKeysEnd } from './commands/vault-keys-end.ts';
import { vaultKeysList } from './commands/vault-keys-list.ts';
import { vaultKeysRotate } from './commands/vault-keys-rotate.ts';
import { vaultUnseal } from './commands/vault-unseal.ts';
import type { Surroundings } from './surroundings.ts';

/** The whole command tree. Commands throw; nothing here ends the process. */
export function createProgram(around: Surroundings): Command {
  const program = new Command('payos')
    .description('Operate and use PayOS from the command line.')
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .configureHelp({ showGlobalOptions: true });
  const group = (name: string, description: string) =>
    program.command(name).description(description);

  const keys = group('keys', 'API keys, on the machine where PayOS runs');
  keysCreate(keys, around);
  keysList(keys, around);
  keysShow(keys, around);
  keysSafety(keys, around);
  keysNarrow(keys, around);
  keysUpdate(keys, around);
  keysRotate(keys, around);
  keysSwitch(keys, around);
  keysPolicy(keys, around);
  keysCheckLeak(keys, around);
  keysGenerateSigningKey(keys, around);

  const organizations = group('organizations', 'Merchants, on the machine where PayOS runs');
  organizationsCreate(organizations, around);
  organizationsList(organizations, around);

  setupLink(program, around);
  const accounts = group('accounts', 'People, on the machine where PayOS runs');
  accountsPasswordLink(accounts, around);
  accountsResetFactors(accounts, around);
  accountsUnlock(accounts, around);

  const vault = group('vault', 'The card vault, on the machine where it runs');
  vaultUnseal(vault, around);
  vaultCustody(vault, around);
  const vaultKeys = vault.command('keys').description('Keys that cards are sealed with');
  vaultKeysList(vaultKeys, around);
  vaultKeysCensus(vaultKeys, around);
  vaultKeysRotate(vaultKeys, around);
  vaultKeysEnd(vaultKeys, around);

  const payments = group('payments', 'Payments, with a secret key');
  paymentsList(payments, around);
  paymentsGet(payments, around);

  pciReport(group('pci', 'For a PCI DSS assessment, on the machine where PayOS runs'), around);

  eventsList(group('events', 'Events, with a secret key'), around);
  triggerPayment(group('trigger', 'Make something happen in test mode'), around);
  return program;
}
