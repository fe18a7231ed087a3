import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { type FileGuard, SettingRefused } from 'payos-contract/settings';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/**
 * Reads the file that a `NAME_FILE` names, if its permissions are such as its content needs.
 * Secrets that Docker and Kubernetes mount can be read by everybody in the container: that is
 * warned of, not refused.
 *
 * @throws SettingRefused
 */
export function readSettingFile(path: string, guard: FileGuard) {
  const shown = looksLikePath(path) ? `the file ${path}` : 'the file';
  try {
    const { text, mode } = readWithMode(path);
    return { text, warning: guard === 'open' ? undefined : judge(mode, guard, shown) };
  } catch (error) {
    if (error instanceof SettingRefused) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SettingRefused(`${shown} cannot be read: ${reasons[code] ?? code}.`);
  }
}

/** What was read has the permissions that were looked at: both are of one open file. */
function readWithMode(path: string): { text: string; mode: number } {
  const file = openSync(path, 'r');
  try {
    return { mode: fstatSync(file).mode & 0o777, text: readFileSync(file, 'utf8') };
  } finally {
    closeSync(file);
  }
}

/** @returns a warning @throws SettingRefused when the file cannot be trusted */
function judge(mode: number, guard: FileGuard, shown: string): string | undefined {
  const octal = mode.toString(8).padStart(4, '0');
  if (guard === 'owner only' && (mode & 0o177) !== 0) {
    const wanted = 'must be readable and writable by its owner only';
    throw new SettingRefused(`${shown} has mode ${octal}, but ${wanted}. Run: chmod 600 on it.`);
  }
  if ((mode & 0o002) !== 0) {
    throw new SettingRefused(
      `everybody on this machine may change ${shown} (mode ${octal}). Run: chmod 600 on it.`,
    );
  }
  if ((mode & 0o004) === 0) return undefined;
  return `everybody on this machine may read ${shown} (mode ${octal}). Better: chmod 600 on it.`;
}

/** A secret that was put where a path belongs must not end up in a message. */
function looksLikePath(text: string): boolean {
  return /^(\/|\.{1,2}\/)/.test(text) && !text.endsWith('=');
}
