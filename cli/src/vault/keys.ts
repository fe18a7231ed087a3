import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Column } from '../output.ts';
import { idOf } from '../parameters.ts';

/** A version of a key of the vault. */
export type VaultKey = {
  id: string;
  organization: string;
  mode: string;
  purpose: string;
  version: number;
  state: string;
  state_at: string;
  state_by: string;
  created_at: string;
  emptied_at: string | null;
  check_value: string;
};

/** Which keys; what is left out means all. */
export type Which = { organization?: string; mode?: string; purpose?: string };

/** Adds the options that say which keys. */
export function whichKeys(command: Command) {
  return command
    .option('--organization <id>', 'only keys of this organization', idOf('org'))
    .addOption(new Option('--mode <mode>', 'only keys of this mode').choices(['test', 'live']))
    .addOption(
      new Option('--purpose <purpose>', 'only keys for this').choices([
        'card',
        'fingerprint',
        'idempotency',
      ]),
    )
    .option('--json', 'print JSON');
}

/**
 * Of all options of a command, those that say which keys: the vault refuses members it does not
 * know.
 */
export const whichOf = ({ organization, mode, purpose }: Which): Which => ({
  ...(organization !== undefined && { organization }),
  ...(mode !== undefined && { mode }),
  ...(purpose !== undefined && { purpose }),
});

/** A commander parser: the id of a key of the vault. */
export function keyId(text: string): string {
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 32 hexadecimal digits; see `payos vault keys list`.');
}

/** Who runs this, for the audit log of the vault. */
export function whoami(): string {
  return `operator ${userInfo().username}`.slice(0, 100);
}

/** What every table of keys begins with; commands add their own columns. */
export const keyColumns: readonly Column<VaultKey>[] = [
  { title: 'key', of: ({ id }) => id },
  { title: 'organization', of: ({ organization }) => organization },
  { title: 'mode', of: ({ mode }) => mode },
  { title: 'purpose', of: ({ purpose }) => purpose },
  { title: 'version', of: ({ version }) => version },
  { title: 'state', of: ({ state }) => state },
];
