import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the build, as it is sent. */
export type BuiltFile = {
  type: string;
  content: Buffer;
  /** The same compressed, best first. */
  encodings: readonly (readonly [encoding: string, content: Buffer])[];
  /** A strong validator, quotes included. */
  etag: string;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const compressions = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * Reads what the browser may ask for, by its path.
 *
 * @param folder what Vite has built; may be missing
 */
export function readBuild(folder: URL): Map<string, BuiltFile> {
  const root = fileURLToPath(folder);
  if (!existsSync(root)) return new Map();
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return new Map(
    names.flatMap((name) => {
      const type = types[extname(name)];
      if (type === undefined) return [];
      return [[`/${name.split(sep).join('/')}`, readOne(join(root, name), type)] as const];
    }),
  );
}

function readOne(file: string, type: string): BuiltFile {
  const content = readFileSync(file);
  const encodings = compressions.flatMap(([encoding, extension]) =>
    existsSync(file + extension) ? [[encoding, readFileSync(file + extension)] as const] : [],
  );
  const hash = createHash('sha256').update(content).digest('base64url');
  return { type, content, encodings, etag: `"${hash.slice(0, 27)}"` };
}
