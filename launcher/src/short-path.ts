import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, Refusal } from './refusal.ts';

/** An address of a Unix socket holds 107 bytes; this leaves room for the socket's name. */
const longest = 80;

/**
 * A path to `directory` short enough for the sockets in it. A folder that lies too deep is reached
 * through a link in `/tmp/payos-<uid>-<hash>/`, a folder that only we may enter, so that nobody
 * else can put a socket of their own in its place. The sockets themselves stay where they are.
 *
 * @param directory an existing folder
 * @throws Refusal when that folder in /tmp belongs to somebody else
 */
export function shortPath(directory: string): string {
  if (Buffer.byteLength(directory) <= longest) return directory;
  const target = realpathSync(directory);
  const hash = createHash('sha256').update(target).digest('hex').slice(0, 16);
  const uid = process.getuid?.() ?? 0;
  const folder = `/tmp/payos-${uid}-${hash}`;
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Refusal(
      `${folder} is not ours alone. Remove it, or choose a shorter PAYOS_DATA_DIR.`,
    );
  }
  const link = join(folder, 'd');
  if (linkTarget(link) !== target) {
    rmSync(link, { force: true });
    symlinkSync(target, link);
  }
  return link;
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
