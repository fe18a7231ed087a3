import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Complaint } from '../complaint.ts';
import { askVault } from '../operator.ts';
import { wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';
import { readInput } from '../vault/input.ts';
import { whoami } from '../vault/keys.ts';
import { describe, type SealStatus } from './vault-unseal.ts';

const splitHelp = `
Writes a keyring with a new root, sealed under a secret that nobody has, and prints the shares of
that secret, a line each: give each line to one custodian, and keep no copy. To split anew what is
in custody already, put the custodians' shares on standard input, a line each.`;

type Files = { keyring: string; out: string };

/** `payos vault custody split`, `seal` and `status` */
export function vaultCustody(vault: Command, around: Surroundings): void {
  const custody = vault.command('custody').description('Who has the root of the keys');
  custody
    .command('status')
    .description('Whether the vault is sealed')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const status = await askVault<SealStatus>(around, '/custody/status', {});
      if (json === true) return around.output.json(status);
      around.output.line(describe(status));
    });
  fileOptions(custody.command('split').description('Share the root out among custodians'))
    .requiredOption('--shares <number>', 'how many there are', wholeNumber(2, 16))
    .requiredOption('--threshold <number>', 'how many open it', wholeNumber(2, 16))
    .option('--json', 'print JSON')
    .addHelpText('after', splitHelp)
    .action((options: Files & Splitting) => split(around, options));
  fileOptions(custody.command('seal').description('Seal a keyring by a passphrase'))
    .addHelpText('after', '\nThe passphrase is read from standard input.')
    .action(async (options: Files) => {
      const text = await readInput(around, 'The passphrase, then Enter:');
      const passphrase = text.replace(/\r?\n$/, '');
      const asked = { keyring: readKeyring(around, options), passphrase, by: whoami() };
      const { keyring } = await askVault<{ keyring: string }>(around, '/custody/seal', asked);
      writeKeyring(around, options, keyring);
    });
}

type Splitting = { shares: number; threshold: number; json?: true };
type Split = { keyring: string; shares: string[]; set: string; check_value: string };

async function split(around: Surroundings, options: Files & Splitting): Promise<void> {
  const keyring = readKeyring(around, options);
  const isSealed = keyring.includes('"keyring-sealed"');
  const lines = isSealed ? await readInput(around, 'Shares, a line each:') : '';
  const unlock = lines.split('\n').flatMap((line) => line.trim() || []);
  const { shares, threshold } = options;
  const asked = { keyring, unlock, shares, threshold, by: whoami() };
  const made = await askVault<Split>(around, '/custody/split', asked);
  writeKeyring(around, options, made.keyring);
  const { set, check_value: value } = made;
  if (options.json === true) {
    return around.output.json({ set, check_value: value, shares: made.shares });
  }
  for (const share of made.shares) around.output.line(share);
  around.output.remark(`Set ${set}, check value ${value}: ${threshold} of ${shares} open it.`);
}

function fileOptions(command: Command): Command {
  return command
    .requiredOption('--keyring <file>', 'the keyring file as it is')
    .requiredOption('--out <file>', 'where the sealed one goes');
}

function readKeyring({ directory }: Surroundings, { keyring }: Files): string {
  try {
    return readFileSync(resolve(directory, keyring), 'utf8');
  } catch (error) {
    throw new Complaint(`${keyring} cannot be read (${Reflect.get(Object(error), 'code')}).`);
  }
}

/** Never over a file: what is there may be the only copy of a root. */
function writeKeyring({ directory, output }: Surroundings, { out }: Files, text: string): void {
  try {
    writeFileSync(resolve(directory, out), text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new Complaint(`${out} cannot be written (${Reflect.get(Object(error), 'code')}).`);
  }
  output.remark(`${out} is written. Set PAYOS_VAULT_KEYRING_FILE to it, and start the vault anew.`);
}
