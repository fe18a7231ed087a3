import { globSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.ts';

const folders = [
  'contract',
  'server',
  'vault',
  'simulator',
  'sdk',
  'cli',
  'dashboard',
  'launcher',
  'tools',
  'bench',
];

/**
 * The test files to run, relative to the repository.
 *
 * @param asked files and folders to keep to; all when empty
 * @throws Error naming what matches no test file
 */
export function findTestFiles(asked: readonly string[]): string[] {
  const exclude = (path: string) => path.endsWith('node_modules');
  const all = folders.flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude }).sort(),
  );
  if (asked.length === 0) return all;
  const chosen = new Set<string>();
  for (const path of asked) {
    const wanted = path.replace(/^\.\//, '').replace(/\/$/, '');
    const found = all.filter((file) => {
      const absolute = join(root, file);
      return [file, absolute].some((name) => name === wanted || name.startsWith(`${wanted}/`));
    });
    if (found.length === 0) throw new Error(`${path} is not a test file, and holds none`);
    for (const file of found) chosen.add(file);
  }
  return [...chosen];
}
