import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { root, runScript, scriptOf } from './program.ts';
import { ownTables, statementNames } from './tidy/database.ts';
import { citedPaths, citedTests, errorCodes } from './tidy/documents.ts';
import { imports, noDeadFiles } from './tidy/imports.ts';
import { maskCode } from './tidy/mask.ts';
import { moduleOwners, owners } from './tidy/owners.ts';
import { lockSources, pinned } from './tidy/packages.ts';
import { fileLength, lineLength } from './tidy/size.ts';
import { type Rule, readTree, sourceOf } from './tidy/source.ts';
import { noAny, noCardWords, noMachine, noMarks, noSilence } from './tidy/words.ts';

/** The rules of the house. A rule that finds nothing in its bad samples proves nothing. */
const rules: readonly Rule[] = [
  fileLength,
  lineLength,
  noMarks,
  noSilence,
  noAny,
  noCardWords,
  noMachine,
  imports,
  noDeadFiles,
  owners,
  moduleOwners,
  ownTables,
  statementNames,
  citedPaths,
  citedTests,
  errorCodes,
  pinned,
  lockSources,
];

const tree = readTree();
const asSources = (sample: Record<string, string>) =>
  Object.entries(sample).map(([path, text]) => sourceOf(path, text));

for (const { name, check, bad, good } of rules) {
  describe(name, () => {
    test('the rule finds what breaks it, and nothing else', () => {
      assert.ok(bad.length > 0);
      for (const sample of bad) {
        assert.notDeepEqual(check(asSources(sample)), [], JSON.stringify(sample).slice(0, 300));
      }
      for (const sample of good) assert.deepEqual(check(asSources(sample)), []);
    });
    test('the tree keeps it', () => assert.deepEqual(check(tree), []));
  });
}

describe('a function has at most 60 lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'payos-tidy-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const lint = (target: string) =>
    runScript(scriptOf('@biomejs/biome', 'biome'), [
      'lint',
      '--colors=off',
      '--config-path=tools/tidy/function-length.json',
      target,
    ]);

  test('the rule finds what breaks it, and nothing else', async () => {
    const body = (lines: number) => `export function f() {\n${'  g();\n'.repeat(lines)}}\n`;
    const [long, short] = [join(folder, 'long.ts'), join(folder, 'short.ts')];
    writeFileSync(long, body(61));
    writeFileSync(short, body(58));
    assert.match((await lint(long)).output, /noExcessiveLinesPerFunction/);
    assert.equal((await lint(short)).code, 0);
  });
  test('the tree keeps it', async () => {
    const { code, output } = await lint('.');
    assert.equal(code, 0, output);
  });
});

test('the mask hides comments and strings, and nothing else', () => {
  const open = '$'.concat('{');
  const cases: [string, string][] = [
    ["a('b') // c", "a(' ')     "],
    ['a /* b\nc */ d', 'a     \n     d'],
    [`\`a${open}b(\`c${open}d}\`)}e\` f`, `\` ${open}b(\` ${open}d}\`)} \` f`],
    ['x = /[\'"`]/.test(y) / z', 'x = /     /.test(y) / z'],
    ["'it\\'s' + a", "'     ' + a"],
    ['a / b / "c"', 'a / b / " "'],
  ];
  for (const [text, expected] of cases) {
    assert.equal(maskCode(text), expected);
    assert.equal(maskCode(text).length, text.length);
  }
});

test('biome and tsc hold what they are relied on for', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  for (const rule of ['noExplicitAny', 'noFloatingPromises', 'noNonNullAssertion']) {
    assert.match(read('biome.json'), new RegExp(`"${rule}": "error"`));
  }
  const { compilerOptions } = JSON.parse(read('tsconfig.json'));
  for (const flag of ['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes']) {
    assert.equal(compilerOptions[flag], true);
  }
});
