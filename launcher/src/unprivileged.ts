import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './refusal.ts';

/** Who a child process runs as. */
export type Identity = { uid: number; gid: number };

/** `nobody`, by number: a machine need not know the name. */
const nobody: Identity = { uid: 65534, gid: 65534 };

/**
 * PostgreSQL refuses to run as root. Started by root it runs as the owner of its data directory,
 * at first `nobody`. `undefined`: we are not root, and it runs as we do.
 */
export function databaseIdentity(dataDirectory: string): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const { uid, gid } = statSync(dataDirectory);
    return uid === 0 ? nobody : { uid, gid };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return nobody;
    throw error;
  }
}

/** Whether everybody may enter every folder on the way to `path`, and read it. */
export function reachableByAll(path: string): boolean {
  if ((statSync(path).mode & 0o004) === 0) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
