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
/** What was published with this release: scripts of the vault's origin, and of the API's. */
const published = { vault: 'fields', api: 'checkout' } as const;

/**
 * Fetches each script of the pages on which cards are typed in as a browser would. Undefined: no
 * list is here.
 */
export async function fetchScripts(
  urls: Readonly<Record<keyof typeof published, string>>,
  ca: string | undefined,
): Promise<ServedScript[] | undefined> {
  const lists = [readList('vault', urls.vault), readList('api', urls.api)];
  const all = lists.flatMap((list) => list ?? []);
  if (all.length === 0) return undefined;
  return Promise.all(
    all.map(async ({ path, integrity, loaded_by, purpose, origin }) => {
      const served = await hashOf(new URL(path, origin), ca);
      return { path, integrity, loaded_by, purpose, served };
    }),
  );
}

function readList(
  whose: keyof typeof published,
  origin: string,
): (Script & { origin: string })[] | undefined {
  try {
    const file = new URL(`../../../${published[whose]}/integrity.json`, import.meta.url);
    const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: Script[] };
    return scripts.map((script) => ({ ...script, origin }));
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
