import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

type Script = { path: string; integrity: string; loaded_by: string; purpose: string };
export type ServedScript = Script & {
  /** What the content that came has, or why none came. */
  served: string;
};

const timeoutMs = 10_000;
const bytesMax = 2 * 1024 * 1024;
/** What was published with this release. */
const published = new URL('../../../fields/integrity.json', import.meta.url);

/** Fetches each script of the secure fields as a browser would. Undefined: no list is here. */
export async function fetchScripts(
  vaultUrl: string,
  ca: string | undefined,
): Promise<ServedScript[] | undefined> {
  const list = readList();
  if (list === undefined) return undefined;
  return Promise.all(
    list.map(async ({ path, integrity, loaded_by, purpose }) => {
      const served = await hashOf(new URL(path, vaultUrl), ca);
      return { path, integrity, loaded_by, purpose, served };
    }),
  );
}

function readList(): Script[] | undefined {
  try {
    return (JSON.parse(readFileSync(published, 'utf8')) as { scripts: Script[] }).scripts;
  } catch {
    return undefined;
  }
}

function hashOf(url: URL, ca: string | undefined): Promise<string> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const trusted = ca === undefined ? {} : { ca };
    const asked = request(url, { agent: false, signal, ...trusted });
    asked.on('error', (error) => resolve(String(Reflect.get(error, 'code') ?? error.message)));
    asked.on('response', (answer) => {
      const hash = createHash('sha384');
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > bytesMax) asked.destroy(new RangeError('too large'));
        hash.update(chunk);
      });
      answer.on('end', () => {
        const isThere = answer.statusCode === 200;
        resolve(isThere ? `sha384-${hash.digest('base64')}` : `status ${answer.statusCode}`);
      });
    });
    asked.end();
  });
}
