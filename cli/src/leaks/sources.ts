import { constants } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join, matchesGlob, resolve } from 'node:path';

/** Something to search, and what to call it. */
export type Source = { file: string; chunks: () => AsyncIterable<Buffer> };

/** What was not searched, and why. */
export type Passed = { path: string; why: string };

export type Search = {
  /** Relative paths start here. */
  directory: string;
  /** Globs of files and folders to leave out. */
  exclude: readonly string[];
  /** Whether installed packages are searched, too. */
  packages: boolean;
  /** Left out on purpose. */
  skipped: Passed[];
  /** Could not be read. */
  unread: Passed[];
};

/** What is there must not be read; the message says why. */
class Unreadable extends Error {}

const chunkBytes = 256 * 1024;
/** Git compresses what is in there, so that nothing would be found. */
const gitObjects = 'compressed: search the history with `git log -p --all`';

/** A file, or every file of a folder and its folders, in the order of their names. */
export async function* sourcesAt(search: Search, path: string): AsyncGenerator<Source> {
  const found = await attempt(search, path, () => stat(resolve(search.directory, path)));
  if (found === undefined || isExcluded(search, path)) return;
  if (found.isDirectory()) yield* sourcesIn(search, path);
  else yield { file: path, chunks: () => readNamed(search, path) };
}

async function* sourcesIn(search: Search, folder: string): AsyncGenerator<Source> {
  const options = { withFileTypes: true } as const;
  const entries = await attempt(search, folder, () =>
    readdir(resolve(search.directory, folder), options),
  );
  entries?.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries ?? []) {
    const path = join(folder, entry.name);
    if (isExcluded(search, path)) continue;
    if (entry.isDirectory()) {
      const why = reasonToSkip(search, path);
      if (why === undefined) yield* sourcesIn(search, path);
      else search.skipped.push({ path, why });
    } else if (entry.isFile()) yield fileAt(search, path);
    else
      search.skipped.push({ path, why: entry.isSymbolicLink() ? 'symbolic link' : 'not a file' });
  }
}

/** A regular file that was found, not named: what has become a link or pipe since is not read. */
function fileAt(search: Search, path: string): Source {
  return { file: path, chunks: () => readFound(search, path) };
}

/** The same for a path of git's. A link above it is none of git's doing, and may lead anywhere. */
export function trackedFileAt(search: Search, path: string): Source {
  async function* chunks(): AsyncGenerator<Buffer> {
    await refuseLinkedFolder(search, path);
    yield* readFound(search, path);
  }
  return { file: path, chunks };
}

async function refuseLinkedFolder(search: Search, path: string): Promise<void> {
  const folders = path.split('/').slice(0, -1);
  for (const index of folders.keys()) {
    const folder = folders.slice(0, index + 1).join('/');
    const found = await lstat(resolve(search.directory, folder));
    if (found.isSymbolicLink()) throw new Unreadable('below a symbolic link');
  }
}

/** Whether the path or a folder above it is to be left out. */
export function isExcluded({ exclude, skipped }: Search, path: string): boolean {
  const parts = path.split('/');
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  if (!exclude.some((glob) => above.some((one) => matchesGlob(one, glob)))) return false;
  skipped.push({ path, why: 'excluded' });
  return true;
}

function reasonToSkip({ packages }: Search, path: string): string | undefined {
  if (/(^|[\\/])\.git[\\/]objects$/.test(path)) return gitObjects;
  return /(^|[\\/])node_modules$/.test(path) && !packages ? 'installed packages' : undefined;
}

async function* readNamed(search: Search, path: string): AsyncGenerator<Buffer> {
  const file = await open(resolve(search.directory, path));
  yield* file.createReadStream({ highWaterMark: chunkBytes });
}

async function* readFound(search: Search, path: string): AsyncGenerator<Buffer> {
  // To open a pipe waits for its writer, unless asked not to.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(resolve(search.directory, path), flags);
  const isFile = (await file.stat()).isFile();
  if (isFile) yield* file.createReadStream({ highWaterMark: chunkBytes });
  await file.close();
  if (!isFile) throw new Unreadable('not a file');
}

/** What cannot be read is noted; the search goes on. */
export async function attempt<T>(
  { unread }: Search,
  path: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Unreadable ? error.message : codeOf(error);
    if (why === undefined) throw error;
    unread.push({ path, why });
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : undefined;
}
