import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './certificate-files.ts';
import { random, randomPassword } from './random.ts';
import { Refusal } from './refusal.ts';
import { allRoles, type RoleName } from './roles.ts';

/** The secret files of an installation, each with what it is for and how it is first filled. */
const makers = {
  'key-pepper': () => random(32).toString('base64'),
  'sealing-key': () => random(32).toString('base64'),
  'simulator-secret': () => random(32).toString('base64'),
  'vault-keyring.json': () => keyring(),
  'database-passwords.json': () => passwords(),
} as const satisfies Record<string, () => string>;

export type SecretName = keyof typeof makers;
export type Secrets = {
  /** Path of each file; its content is handed to nobody here but the processes that use it. */
  files: Readonly<Record<SecretName, string>>;
  passwords: Readonly<Record<RoleName | 'postgres', string>>;
};

type SecretsSituation = {
  /** There is a database already. */
  dataExists: boolean;
  /** Given by the user's own settings: not kept here. */
  given: readonly SecretName[];
  /** May be made anew at any time. */
  replaceable: readonly SecretName[];
};

/**
 * The secrets of this installation, made once. Made before the database is, so that a database
 * without them means that they have been lost.
 *
 * @param directory folder of the secrets
 * @throws Refusal when there is a database and a secret is missing: with another in its place,
 *   every key and card in it would be lost for good, and nothing would say so
 */
export function ensureSecrets(directory: string, situation: SecretsSituation): Secrets {
  const names = Object.keys(makers) as SecretName[];
  const files = Object.fromEntries(names.map((name) => [name, join(directory, name)]));
  const wanted = names.filter((name) => !situation.given.includes(name));
  const missing = wanted.filter((name) => !existsSync(join(directory, name)));
  const lost = missing.filter((name) => !situation.replaceable.includes(name));
  if (lost.length > 0 && situation.dataExists) {
    throw new Refusal(
      `The database exists, but its secrets are gone: ${lost.join(', ')} in ${directory}. ` +
        'Restore them from a backup; without them keys and cards in the database are lost. ' +
        'To begin anew, move the whole data directory away.',
    );
  }
  for (const name of missing) writePrivate(join(directory, name), `${makers[name]()}\n`);
  const stored = readFileSync(join(directory, 'database-passwords.json'), 'utf8');
  return {
    files: files as Record<SecretName, string>,
    passwords: JSON.parse(stored) as Record<RoleName | 'postgres', string>,
  };
}

function keyring(): string {
  const roots = { '1': random(32).toString('base64') };
  return JSON.stringify({ provider: 'keyring-file', current: 1, roots });
}

function passwords(): string {
  const roles = ['postgres', ...allRoles];
  return JSON.stringify(Object.fromEntries(roles.map((role) => [role, randomPassword()])));
}
