import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf, Refusal } from './refusal.ts';
import { shortPath } from './short-path.ts';

/** The folder of the checkout. */
export const repository = dirname(dirname(import.meta.dirname));

/** Where everything lies that one installation keeps. */
export type Layout = {
  root: string;
  /** Sockets; a short path to it, see `shortPath`. */
  run: string;
  logs: string;
  secrets: string;
  tls: string;
  postgres: string;
  quickstart: string;
};

/**
 * Creates the data directory and its folders, all of them 0700.
 *
 * @param directory `PAYOS_DATA_DIR`; a relative one lies in the checkout
 * @throws Refusal when it belongs to another user or cannot be written
 */
export function prepareLayout(directory: string): Layout {
  const root = resolve(repository, directory);
  refuseForeign(root);
  const folder = (...names: string[]) => makePrivate(join(root, ...names), root);
  folder();
  const run = shortPath(folder('run'));
  return {
    root,
    run,
    logs: folder('logs'),
    secrets: folder('secrets'),
    tls: folder('tls'),
    postgres: folder('postgres'),
    quickstart: join(root, 'quickstart.json'),
  };
}

/** A folder with other things in it is somebody's: closing it to all others would harm them. */
function refuseForeign(root: string): void {
  if (!existsSync(root)) return;
  const names = readdirSync(root);
  const ours = ['run', 'logs', 'secrets', 'tls', 'postgres', 'simulator', 'quickstart.json'];
  if (names.length === 0 || names.some((name) => ours.includes(name))) return;
  throw new Refusal(
    `${root} is not empty and not a folder of PayOS. Set PAYOS_DATA_DIR to a folder of its own.`,
  );
}

function makePrivate(folder: string, root: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    const own = process.getuid?.() ?? uid;
    if (uid !== own && own !== 0) {
      throw new Refusal(
        `${folder} belongs to another user (${uid}). ` +
          'Start PayOS as that user, or set PAYOS_DATA_DIR to a folder of your own.',
      );
    }
    if ((mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
    return folder;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const code = codeOf(error);
    throw new Refusal(`${folder} cannot be made (${code}). Set PAYOS_DATA_DIR (now ${root}).`);
  }
}

const largestLog = 20 * 1024 * 1024;

/** The log file of a process. A large one is put aside at start; one older is kept. */
export function logFile(layout: Layout, name: string): string {
  const file = join(layout.logs, `${name}.log`);
  if (existsSync(file) && statSync(file).size > largestLog) renameSync(file, `${file}.1`);
  return file;
}
