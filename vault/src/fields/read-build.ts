import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** One file of the secure fields, as it is sent. */
export type BuiltFile = {
  type: string;
  content: Buffer;
  /** The same compressed, best first. */
  encodings: readonly (readonly [encoding: string, content: Buffer])[];
  /** A strong validator, quotes included. */
  etag: string;
};

/** version, such as `v1.0.0` → name → file */
export type FieldsBuild = ReadonlyMap<string, ReadonlyMap<string, BuiltFile>>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const compressions = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * Reads every version of the fields that was built here. Requests choose among what is in memory,
 * and never reach the disk.
 *
 * @param folder may be missing
 */
export function readBuild(folder: string): FieldsBuild {
  if (!existsSync(folder)) return new Map();
  const versions = readdirSync(folder).filter((name) => /^v\d+\.\d+\.\d+$/.test(name));
  return new Map(versions.map((version) => [version, readVersion(join(folder, version))]));
}

function readVersion(folder: string): Map<string, BuiltFile> {
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const type = types[extname(name)];
      return type === undefined ? [] : [[name, readOne(join(folder, name), type)] as const];
    }),
  );
}

function readOne(file: string, type: string): BuiltFile {
  const content = readFileSync(file);
  const encodings = compressions.flatMap(([encoding, extension]) =>
    existsSync(file + extension) ? [[encoding, readFileSync(file + extension)] as const] : [],
  );
  const hash = createHash('sha256').update(content).digest('base64url');
  return { type, content, encodings, etag: `"${hash}"` };
}
