import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { now } from './clock.ts';
import { repository } from './layout.ts';
import { codeOf, messageOf } from './refusal.ts';
import { complain } from './screen.ts';

/** Browser code of ours that Vite builds. */
type BuiltPackage = {
  /** Its folder in the repository. */
  name: string;
  /** What the screen calls it. */
  title: string;
  /** Further parameters of `vite build`. */
  parameters?: readonly string[];
  /** Folders of earlier builds that stay. */
  keeps?: RegExp;
};

const stampName = '.stamp';
const abandonedMs = 10 * 60_000;

type Places = { root: string; folder: string; built: string };

/** Where Vite leaves what it built of a package of this repository. */
export const builtFolder = (name: string) => join(repository, name, 'dist');

/**
 * Brings `dist` of a package up to date, where it is not. Without it everything else works, so that
 * a failure is told and does not stop the start.
 *
 * @param root the checkout; another one in tests
 */
export async function buildPackage(built: BuiltPackage, root: string = repository): Promise<void> {
  try {
    await bringUpToDate(built, root);
  } catch (error) {
    complain(`${built.title} could not be built: ${messageOf(error)}`);
  }
}

async function bringUpToDate(built: BuiltPackage, root: string): Promise<void> {
  const { name, title, parameters = [], keeps } = built;
  const folder = join(root, name);
  const places = { root, folder, built: join(folder, 'dist') };
  const wanted = hashOfSources(root, name);
  if (isBuilt(places, wanted)) return;
  const output = makeOutput(places, title);
  if (output === undefined) return;
  sweep(folder);
  try {
    const failure = await runVite(folder, output, parameters);
    if (failure !== undefined) return complain(`${title} could not be built:\n${failure}`);
    if (keeps !== undefined) keepOld(places, output, keeps);
    writeFileSync(join(output, stampName), wanted);
    makeReadable(output);
    swap(places, output, wanted);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function isBuilt({ built }: Places, wanted: string): boolean {
  try {
    return readFileSync(join(built, stampName), 'utf8') === wanted;
  } catch {
    return false;
  }
}

/** Everything the build depends on: its sources, the contract, and the versions of its tools. */
function hashOfSources(root: string, name: string): string {
  const hash = createHash('sha256');
  const parts = [name, 'contract/src', 'package-lock.json', 'tsconfig.json'];
  for (const file of parts.flatMap((part) => filesOf(root, part)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesOf(root: string, part: string): string[] {
  if (!statSync(join(root, part)).isDirectory()) return [part];
  return readdirSync(join(root, part), { withFileTypes: true }).flatMap((entry) => {
    if (/^(node_modules|test|dist|\..*)$|\.test\.ts$/.test(entry.name)) return [];
    const path = `${part}/${entry.name}`;
    return entry.isDirectory() ? filesOf(root, path) : [path];
  });
}

/** A folder beside the final one, so that nobody ever sees a half of it. */
function makeOutput({ folder, built }: Places, title: string): string | undefined {
  try {
    return mkdtempSync(join(folder, '.dist-'));
  } catch (error) {
    const state = existsSync(built) ? 'is out of date' : 'is missing';
    complain(
      `${title} ${state}, and ${folder} cannot be written (${codeOf(error)}). ` +
        'Start PayOS once as the owner of that folder to build it.',
    );
    return undefined;
  }
}

/** What a build that was cut off has left behind. One that is under way is younger. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('.dist-'))) {
    const path = join(folder, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (now().getTime() - made < abandonedMs) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

/** @returns what Vite said, when it failed */
async function runVite(
  folder: string,
  output: string,
  further: readonly string[],
): Promise<string | undefined> {
  const manifest = createRequire(import.meta.url).resolve('vite/package.json');
  const script = join(dirname(manifest), 'bin', 'vite.js');
  const fixed = ['--configLoader=native', '--logLevel=warn', '--emptyOutDir'];
  const parameters = ['build', ...fixed, ...further, `--outDir=${output}`];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, ...parameters],
    // Nothing of whoever starts PayOS changes what is built.
    { cwd: folder, env: { NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? undefined : stripVTControlCharacters(said).trim();
}

/** Pages of others name a version in their HTML, and must find it after an upgrade, too. */
function keepOld({ built }: Places, output: string, keeps: RegExp): void {
  if (!existsSync(built)) return;
  for (const name of readdirSync(built).filter((entry) => keeps.test(entry))) {
    const kept = join(output, name);
    if (!existsSync(kept)) cpSync(join(built, name), kept, { recursive: true });
  }
}

/** Other users may start PayOS from the same checkout. */
function makeReadable(path: string): void {
  const isFolder = statSync(path).isDirectory();
  chmodSync(path, isFolder ? 0o755 : 0o644);
  if (isFolder) for (const name of readdirSync(path)) makeReadable(join(path, name));
}

/** Whoever builds the same at the same time has the same to offer: the first one wins. */
function swap(places: Places, output: string, wanted: string): void {
  const old = `${output}-old`;
  try {
    if (existsSync(places.built)) renameSync(places.built, old);
    renameSync(output, places.built);
  } catch (error) {
    if (!isBuilt(places, wanted)) throw error;
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}
