import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { posix } from 'node:path';
import { Complaint } from '../complaint.ts';
import type { Surroundings } from '../surroundings.ts';
import { isExcluded, type Search, type Source, trackedFileAt } from './sources.ts';

/**
 * A partial clone fetches what it misses when that is read, and fetching runs programs that the
 * repository's settings name. Versions of git before 2.45 may know only the second of these.
 */
const fetchNothing = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };
/** What is checked in, and not what a repository says should be shown in its place. */
const plainly = {
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};

type Entry = { path: string; mode: string; blob: string };

/** The files that git has checked in here, as they are in the working folder. */
export async function* trackedSources(
  around: Surroundings,
  search: Search,
  paths: readonly string[],
): AsyncGenerator<Source> {
  const prefix = (await ask(around, ['rev-parse', '--show-prefix']))[0]?.slice(0, -1) ?? '';
  const pathHere = (path: string) => posix.relative(`/${prefix}`, `/${path}`);
  const listed = ['ls-files', '--full-name', '-z'];
  const list = await ask(around, [...listed, '--stage', '--error-unmatch', '--', ...paths]);
  const entries: Entry[] = [];
  for (const line of list) {
    const [, mode = '', blob = '', path = ''] = /^(\d+) (\w+) \d\t(.*)$/s.exec(line) ?? [];
    if (leadsNowhereElse(path)) entries.push({ mode, blob, path: pathHere(path) });
    else search.unread.push({ path, why: 'no path in a repository' });
  }
  const deleted = await ask(around, [...listed, '--deleted', '--', ...paths]);
  const missing = new Set(deleted.map(pathHere));
  for (const { path } of filesOf(search, entries)) {
    if (missing.has(path)) search.skipped.push({ path, why: 'not in the working folder' });
    else yield trackedFileAt(search, path);
  }
}

/** Git adds no other path, but takes an index that somebody made by hand as it is. */
function leadsNowhereElse(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** What the next commit would add or change, as it would be committed. */
export async function* stagedSources(
  around: Surroundings,
  search: Search,
  paths: readonly string[],
): AsyncGenerator<Source> {
  const form = ['--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff'];
  const list = await ask(around, ['diff', '--cached', ...form, '--diff-filter=d', '--', ...paths]);
  const entries: Entry[] = [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [, mode = '', , blob = ''] = (list[index] ?? '').split(' ');
    entries.push({ mode, blob, path: list[index + 1] ?? '' });
  }
  for (const { path, blob } of filesOf(search, entries)) {
    yield { file: path, chunks: () => output(around, ['cat-file', 'blob', blob]) };
  }
}

/** Those that are files, once each: a conflict has a path up to three times. */
function filesOf(search: Search, entries: readonly Entry[]): Entry[] {
  const byPath = new Map(entries.map((entry) => [`${entry.path}\0${entry.blob}`, entry]));
  return [...byPath.values()].filter(({ path, mode }) => {
    if (isExcluded(search, path)) return false;
    if (mode.startsWith('100')) return true;
    const why = mode === '120000' ? 'symbolic link' : 'repository of its own';
    search.skipped.push({ path, why });
    return false;
  });
}

async function ask(around: Surroundings, parameters: readonly string[]): Promise<string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of output(around, parameters)) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\0')
    .filter((part) => part !== '');
}

/**
 * What a git command prints. Git runs no program that the repository's settings name, and takes
 * paths as they are.
 *
 * @throws Complaint when git is missing or refuses
 */
async function* output(
  { env, directory }: Surroundings,
  parameters: readonly string[],
): AsyncGenerator<Buffer> {
  const child = spawn('git', ['-c', 'core.fsmonitor=false', ...parameters], {
    cwd: directory,
    env: { ...env, ...fetchNothing, ...plainly },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 1_000);
  });
  const closed = once(child, 'close').catch((error: unknown) => error);
  yield* child.stdout;
  const end = await closed;
  if (Array.isArray(end) && end[0] === 0) return;
  const lines = said.split('\n');
  const fatal = lines.find((line) => line.startsWith('fatal: ')) ?? lines[0] ?? '';
  throw new Complaint('Git does not answer.', [end instanceof Error ? end.message : fatal], 2);
}
