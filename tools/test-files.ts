import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.ts';

const folders = [
  'contract',
  'secrets',
  'egress',
  'server',
  'vault',
  'simulator',
  'sdk',
  'cli',
  'dashboard',
  'fields',
  'checkout',
  'launcher',
  'tools',
  'bench',
];

/**
 * Begins of the paths of what takes long, the longest first: begun last, it would go on when all
 * else has ended. Browsers stand between files that mostly wait.
 */
const slow = [
  'server/test/crash.',
  'dashboard/test/members.',
  'server/test/access-guessing.',
  'dashboard/test/payments.',
  'server/test/canary.',
  'dashboard/test/signing-in.',
  'server/test/access-account.',
  'dashboard/test/shell.',
  'server/src/mail/',
  'server/test/reference.',
  'vault/test/fields/',
  'dashboard/test/',
  'server/src/webhooks/',
  'launcher/',
];

/**
 * The test files to run, relative to the repository, in the order to begin them.
 *
 * @param asked files and folders to keep to; all when empty
 * @throws Error naming what matches no test file
 */
export function findTestFiles(asked: readonly string[]): string[] {
  const exclude = (path: string) => path.endsWith('node_modules');
  const found = folders.flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude }).sort(),
  );
  const all = found.sort((one, other) => rankOf(one) - rankOf(other));
  if (asked.length === 0) return all;
  const chosen = new Set<string>();
  for (const path of asked) {
    const wanted = path.replace(/^\.\//, '').replace(/\/$/, '');
    const matching = all.filter((file) => {
      const absolute = join(root, file);
      return [file, absolute].some((name) => name === wanted || name.startsWith(`${wanted}/`));
    });
    if (matching.length === 0) throw new Error(`${path} is not a test file, and holds none`);
    for (const file of matching) chosen.add(file);
  }
  return [...chosen];
}

/** What starts processes, browsers or databases, or changes the process that it runs in. */
const needsOwnProcess = new RegExp(
  [
    'harness/|child_process|test-support|testing/|program\\.ts|browser|useCluster',
    'process\\.env|mock\\.',
  ].join('|'),
);
const withUnits = /^(?:contract|egress|fields|sdk|server|vault)\/src\//;

/** Whether the tests of a file can run in one process with those of other files. */
export function isUnit(file: string): boolean {
  return withUnits.test(file) && !needsOwnProcess.test(readFileSync(join(root, file), 'utf8'));
}

function rankOf(file: string): number {
  const rank = slow.findIndex((path) => file.startsWith(path));
  return rank === -1 ? slow.length : rank;
}
