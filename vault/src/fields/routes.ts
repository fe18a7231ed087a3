import type { IncomingMessage } from 'node:http';
import type { Answer } from '../core/answer.ts';
import type { Handler, Routes } from '../core/listener.ts';
import type { Log } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import { type FrameDeps, getFrame } from './frame.ts';
import { type BuiltFile, type FieldsBuild, readBuild } from './read-build.ts';

/**
 * The secure fields: the script for merchants' pages, and the frames that it mounts. Everything
 * under a version stays as it is; only the document of the frames is answered per key.
 *
 * @param folder what was built; may be missing
 */
export function openFields(folder: string, deps: FrameDeps & { log: Log }) {
  const build = readBuild(folder);
  if (build.size === 0) deps.log('warn', 'fields_not_built');
  return {
    routes: routesOf(build, deps),
    /** @throws Refusal `fields_not_built` */
    requireBuild({ url = '' }: IncomingMessage): void {
      if (build.size === 0 && url.startsWith('/fields/')) throw new Refusal('fields_not_built');
    },
  };
}

export type OpenFields = ReturnType<typeof openFields>;

function routesOf(build: FieldsBuild, deps: FrameDeps): Routes {
  const routes = [...build].flatMap(([version, files]) =>
    [...files].map(([name, file]): [string, Record<string, Handler>] => {
      if (name === 'frame.html') return [`/fields/${version}/frame`, { GET: getFrame(file, deps) }];
      const headers = name === 'payos.js' ? forEverybody : forFrames;
      return [`/fields/${version}/${name}`, { GET: async (all) => sendFile(all, file, headers) }];
    }),
  );
  return Object.fromEntries(routes);
}

type Headers = Readonly<Record<string, string>>;

const immutable = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  Vary: 'Accept-Encoding',
};

/** Pages of every origin load it, with its integrity hash, which needs CORS. */
const forEverybody = {
  ...immutable,
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

const forFrames = immutable;

function sendFile(
  { request }: { request: IncomingMessage },
  file: BuiltFile,
  more: Headers,
): Answer {
  const headers = { ...more, 'Content-Type': file.type, ETag: file.etag };
  if (request.headers['if-none-match'] === file.etag) {
    return { status: 304, body: Buffer.alloc(0), headers };
  }
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const [encoding, content] = file.encodings.find(([name]) => accepts(accepted, name)) ?? [];
  if (encoding === undefined) return { status: 200, body: file.content, headers };
  return { status: 200, body: content, headers: { ...headers, 'Content-Encoding': encoding } };
}

/** Whether a coding is named, and not refused with `q=0` (RFC 9110, 12.5.3). */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === encoding && !parameters.some((one) => /^q=0(\.0*)?$/.test(one));
  });
}
