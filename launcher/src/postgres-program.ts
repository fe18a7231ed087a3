import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { codeOf, Refusal } from './refusal.ts';
import type { Identity } from './unprivileged.ts';

/** Debian's package for each library that the embedded PostgreSQL expects of the machine. */
const packages: Readonly<Record<string, string>> = {
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
  'libc.so.6': 'libc6',
  'libm.so.6': 'libc6',
};

/**
 * How a program of PostgreSQL names the folder it works in. Started by root it runs as a user who
 * must not enter the folders above (`.payos` is 0700). It is put into its folder before it gives up
 * root's rights, and names it by the link that the kernel keeps for every process.
 */
export function ownName(folder: string, identity: Identity | undefined): string {
  return identity === undefined ? realpathSync(folder) : '/proc/self/cwd';
}

/** Starts a program of PostgreSQL in `folder`. Terminal signals do not reach it: we stop it. */
export function spawnProgram(
  program: string,
  parameters: readonly string[],
  folder: string,
  identity: Identity | undefined,
  stdio: readonly [number | 'ignore', number | 'pipe', number | 'pipe'],
): ChildProcess {
  return spawn(program, parameters, {
    ...identity,
    cwd: folder,
    detached: true,
    stdio: [...stdio],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
}

/** The clear sentence for a program of PostgreSQL that could not be started at all. */
export function explainSpawnError(error: unknown): Refusal {
  const code = codeOf(error);
  if (code === 'EPERM' || code === 'EINVAL') {
    return new Refusal(
      'PostgreSQL does not run as root, and this process may not become another user. ' +
        'Run PayOS as an ordinary user, or set DATABASE_URL and VAULT_DATABASE_URL.',
    );
  }
  if (code === 'ENOENT') {
    return new Refusal(
      'The embedded PostgreSQL cannot run here: it needs the GNU C library (not musl). ' +
        'Use a glibc system such as Debian, or set DATABASE_URL and VAULT_DATABASE_URL.',
    );
  }
  return new Refusal(`The embedded PostgreSQL cannot be started (${code}).`);
}

/** The clear sentence for what a program of PostgreSQL said before it ended. */
export function explainOutput(output: string): Refusal {
  const library = /error while loading shared libraries: (\S+?):/.exec(output)?.[1];
  if (library !== undefined) {
    const from = packages[library];
    const install = from === undefined ? 'Install it' : `Install it: apt-get install ${from}`;
    return new Refusal(`The library ${library} is missing, PostgreSQL needs it. ${install}`);
  }
  const tooOld = /version `(GLIBC\S*)' not found/.exec(output)?.[1];
  if (tooOld !== undefined) {
    return new Refusal(
      `This system is too old for the embedded PostgreSQL (${tooOld} is missing).`,
    );
  }
  const fatal = output.split('\n').filter((line) => /FATAL|PANIC|error:|No space/.test(line));
  const line = fatal.at(-1) ?? output.trim().split('\n').at(-1) ?? '';
  return new Refusal(`PostgreSQL did not start: ${line.replace(/^.*?(FATAL|PANIC): +/, '')}`);
}
