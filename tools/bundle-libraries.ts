import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { root } from './program.ts';

/** What many processes of a test run load at their start, and consists of many files. */
const names = [
  '@prometheus-io/client',
  'ajv',
  'ajv-formats',
  'commander',
  'fast-json-stringify',
  'fastify',
  'jose',
  'kysely',
  'pg',
  'pino',
  'typebox',
  'typebox/compile',
  'typebox/schema',
  'typebox/value',
  'undici',
];
/** Loaded when somebody has asked for it, and not there otherwise. */
const external = ['pg-native'];
const hook = join(import.meta.dirname, 'bundled-libraries.mjs');

/**
 * Makes one file, or few, of each library of many files: a test run starts some five hundred
 * processes, and a third of what a start takes is finding 1,200 files. What is ours runs as it is.
 *
 * @returns the path of a module that makes a process use them; made once for each state of the lock
 * file
 */
export async function bundleLibraries(): Promise<string> {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const state = createHash('sha256').update(lock).update(process.version);
  for (const file of [import.meta.filename, hook]) state.update(readFileSync(file));
  const cache = join(root, 'node_modules/.cache');
  const folder = join(cache, `libraries-${state.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) {
    const unfinished = mkdtempSync(`${folder}-`);
    try {
      await bundle(unfinished);
      renameSync(unfinished, folder);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      // Another run may have been first.
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, basename(hook));
}

async function bundle(folder: string): Promise<void> {
  const input = Object.fromEntries(names.map((name) => [fileOf(name), prefix + name]));
  const built = await rolldown({
    input,
    platform: 'node',
    cwd: root,
    external,
    plugins: [entries],
  });
  await built.write({ dir: folder, format: 'esm' });
  const files = Object.fromEntries(names.map((name) => [name, `./${fileOf(name)}.js`]));
  writeFileSync(join(folder, 'libraries.json'), JSON.stringify(files));
  copyFileSync(hook, join(folder, basename(hook)));
}

const prefix = 'library:';
const fileOf = (name: string) => name.replaceAll(/[@/]/g, '-');

/** A library that exports the names that Node finds in it, also where it is CommonJS. */
const entries: Plugin = {
  name: 'entries',
  resolveId: (id) => (id.startsWith(prefix) ? id : undefined),
  load: async (id) => {
    if (!id.startsWith(prefix)) return undefined;
    const name = id.slice(prefix.length);
    const path = import.meta.resolve(name);
    const exported = Object.keys(await import(path)).filter((one) => one !== 'module.exports');
    const code = `export { ${exported.join(', ')} } from ${JSON.stringify(name)};`;
    return { code, moduleType: 'js' };
  },
};
