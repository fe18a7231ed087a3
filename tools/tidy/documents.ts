import { dirname, join } from 'node:path/posix';
import { errorTable } from 'payos-contract';
import { isTest, type Rule, type Source } from './source.ts';

const folders =
  'contract|server|vault|simulator|sdk|cli|launcher|bench|tools|docs|fields|dashboard|\\.ci';
const inRepository = `(?:${folders})/(?:[\\w-]+/)*(?:[\\w.-]+\\.(?:ts|mjs|md|sql|json|css))?`;
const citation = new RegExp(
  `\`(${inRepository}|[A-Z]+\\.md|LICENSE)\`|\\]\\((?!\\w+:|#|/)([^)#\\s]+)`,
  'g',
);

export const citedPaths: Rule = {
  name: 'every path that a document cites is there',
  check: (sources) => {
    const files = new Set(sources.map(({ path }) => path));
    const isThere = (path: string) =>
      files.has(path) || sources.some((source) => source.path.startsWith(`${path}/`));
    return sources.flatMap(({ path, text }) => {
      if (!path.endsWith('.md')) return [];
      return [...text.matchAll(citation)].flatMap(([, code, link]) => {
        const target = code ?? join(dirname(path), link ?? '');
        return isThere(target.replace(/\/$/, '')) ? [] : [`${path}: ${target} is not there`];
      });
    });
  },
  bad: [
    { 'docs/a.md': 'see `server/src/gone.ts`' },
    { 'docs/a.md': '[b](../gone.md)' },
    { 'README.md': 'see `SECURITY.md`' },
  ],
  good: [
    {
      'docs/a.md': '[b](../b.md#x), `server/src/`, `PAYOS_PORT`, [w](https://example.com/a)',
      'b.md': '',
      'server/src/a.ts': '',
    },
  ],
};

/** `path/to/a.test.ts`: "what the test is called", "and another of that file" */
const testCitation = /`([\w./-]+\.test\.tsx?)`:((?:,?\s"[^"\n]+")+)/g;

export const citedTests: Rule = {
  name: 'every test that a document cites is there, by its name',
  check: (sources) => {
    const textOf = new Map(sources.map(({ path, text }) => [path, text]));
    return sources.flatMap(({ path, text }) => {
      if (!path.endsWith('.md')) return [];
      return [...text.matchAll(testCitation)].flatMap(([, file = '', names = '']) =>
        [...names.matchAll(/"([^"]+)"/g)].flatMap(([, name = '']) =>
          hasTest(textOf.get(file) ?? '', name) ? [] : [`${path}: ${file} has no test "${name}"`],
        ),
      );
    });
  },
  bad: [
    { 'docs/a.md': '`server/test/a.test.ts`: "does it"', 'server/test/a.test.ts': "it('does');" },
    { 'docs/a.md': '`a.test.ts`: "b", "c"', 'a.test.ts': "it('b', f); // it('c')" },
    { 'docs/a.md': '`a.test.ts`: "b"' },
  ],
  good: [
    {
      'docs/a.md': '| `a.test.ts`: "b", "c d" | `b.test.ts`: "e" |',
      'a.test.ts': "describe('b', () => {\n  it(\n    'c d', f);\n});",
      'b.test.ts': 'test("e", f);',
    },
  ],
};

function hasTest(text: string, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^\\s*(?:it|test|describe)\\(\\s*(['"\`])${escaped}\\1`, 'm').test(text);
}

export const errorCodes: Rule = {
  name: 'every error code is used, and has its place in the documentation',
  check: (sources) => {
    const page = sources.find(({ path }) => path === 'docs/errors.md')?.text ?? '';
    const code = sources.filter(isOurs).map(({ text }) => text);
    return Object.keys(errorTable).flatMap((name) => [
      ...(code.some((text) => text.includes(`'${name}'`)) ? [] : [`${name}: nothing answers it`]),
      ...(page.includes(`\`${name}\``) ? [] : [`${name}: not in docs/errors.md`]),
    ]);
  },
  bad: [{ 'docs/errors.md': allCodes('`') }, { 'server/src/a.ts': allCodes("'") }],
  good: [{ 'docs/errors.md': allCodes('`'), 'vault/src/a.ts': allCodes("'") }],
};

function isOurs({ path }: Source): boolean {
  return /^(server|vault|contract)\/src\/(?!errors\.ts).*\.ts$/.test(path) && !isTest(path);
}

function allCodes(quote: string): string {
  return Object.keys(errorTable)
    .map((name) => `${quote}${name}${quote}`)
    .join('\n');
}
