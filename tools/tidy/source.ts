import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../program.ts';
import { maskCode } from './mask.ts';

/** One text file of the repository, or a picture. */
export type Source = {
  /** Relative to the repository, with `/`. */
  path: string;
  text: string;
  /** The text with comments and the insides of strings blanked; same length, same lines. */
  code: string;
};

/** One rule over the source tree. */
export type Rule = {
  name: string;
  /** What breaks the rule, each as `path: what`. */
  check(sources: readonly Source[]): string[];
  /** Trees by path and text: each alone must break the rule. */
  bad: readonly Record<string, string>[];
  /** Trees that must not break it. */
  good: readonly Record<string, string>[];
};

const isSkipped = (name: string) =>
  /^(node_modules|\.git|\.payos.*|coverage|dist)$|\.(log|ico|woff2)$/.test(name);

/** Every file of the tree, in a fixed order. */
export function readTree(): Source[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const paths = entries.flatMap((entry) => walk('', entry.name, entry.isDirectory()));
  return paths.sort().map((path) => sourceOf(path, textOf(path)));
}

/** A picture has no text, but documents may show it. */
function textOf(path: string): string {
  return path.endsWith('.png') ? '' : readFileSync(join(root, path), 'utf8');
}

function walk(folder: string, name: string, isDirectory: boolean): string[] {
  if (isSkipped(name)) return [];
  const path = folder === '' ? name : `${folder}/${name}`;
  if (!isDirectory) return [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.flatMap((entry) => walk(path, entry.name, entry.isDirectory()));
}

export function sourceOf(path: string, text: string): Source {
  return { path, text, code: isScript(path) ? maskCode(text) : text };
}

export function isScript(path: string): boolean {
  return /\.(tsx?|mjs|js)$/.test(path);
}

/** Written by `npm run generate`, npm, or a lawyer: held to no rule of style. */
export function isGenerated(path: string): boolean {
  return /\/generated\/|\/schema\.sql$|\/openapi\.json$|(^|\/)package-lock\.json$|^LICENSE$/.test(
    path,
  );
}

/** Tests and what only tests use. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/test\/|\/testing(\/|\.ts$)|\/test-support\.ts$/.test(path);
}

/** What developers run or read, not users: tests, tools, benchmarks, examples. */
export function isTooling(path: string): boolean {
  return isTest(path) || /^(tools|bench|docs)\//.test(path);
}

/** Where a pattern occurs, as `path:line: match`. */
export function findAll(source: Source, pattern: RegExp, where: 'text' | 'code'): string[] {
  const lines = source[where].split('\n');
  return lines.flatMap((line, index) => {
    const [match] = pattern.exec(line) ?? [];
    return match === undefined ? [] : [`${source.path}:${index + 1}: ${match.trim()}`];
  });
}
