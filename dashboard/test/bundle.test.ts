import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildDashboard, builtDashboard } from '../../launcher/src/build-dashboard.ts';

type Chunk = { file: string; imports?: string[]; css?: string[] };

/** What a first visit may load, in bytes after gzip. */
const budget = 200_000;

let manifest: Record<string, Chunk>;
before(async () => {
  await buildDashboard();
  const file = join(builtDashboard, '.vite', 'manifest.json');
  manifest = JSON.parse(readFileSync(file, 'utf8'));
});

/** Files that are loaded with these entries: they themselves, and what they import at once. */
function filesOf(entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const files = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const chunk = manifest[name];
    assert.ok(chunk, `the build has no ${name}`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    chunk.imports?.forEach(visit);
  };
  entries.forEach(visit);
  return files;
}

const gzipped = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => {
    return sum + readFileSync(join(builtDashboard, `${file}.gz`)).length;
  }, 0);

const shell = 'src/app/shell.tsx';
const firstVisits = {
  'signing in': ['index.html', 'src/features/sign-in/sign-in.tsx'],
  'the home page': ['index.html', shell, 'src/features/home/home.tsx'],
  payments: ['index.html', shell, 'src/features/payments/payments.tsx'],
};

for (const [name, entries] of Object.entries(firstVisits)) {
  test(`a first visit to ${name} loads at most ${budget / 1000} kB`, () => {
    const size = gzipped(filesOf(entries));
    assert.ok(size <= budget, `${size} bytes`);
    assert.ok(size > 50_000, 'and is measured');
  });
}

test('word lists and schemas are not loaded before they are needed, or at all', () => {
  const first = filesOf(['index.html', shell]);
  const all = readdirSync(join(builtDashboard, 'assets')).filter((name) => name.endsWith('.js'));
  const holding = (text: string) =>
    all.filter((name) => readFileSync(join(builtDashboard, 'assets', name), 'utf8').includes(text));
  assert.deepEqual(holding('additionalProperties'), [], 'TypeBox stays on the server');
  const lists = holding('trustno1');
  assert.equal(lists.length, 1);
  for (const name of lists) assert.ok(!first.has(`assets/${name}`), name);
});

test('every page comes in a file of its own', () => {
  const first = filesOf(['index.html', shell]);
  const pages = Object.keys(manifest).filter((name) => /^src\/features\/.*\.tsx$/.test(name));
  assert.ok(pages.length > 10);
  for (const name of pages) assert.ok(!first.has(manifest[name]?.file ?? ''), name);
});
