import { readFileSync } from 'node:fs';
import { writePrivate } from './certificate-files.ts';
import { askOperator } from './operator.ts';
import { Refusal } from './refusal.ts';

/** `.payos/quickstart.json`: all that a first program needs. Test mode only. */
export type Quickstart = {
  api_url: string;
  vault_url: string;
  /** Absolute path of the CA that signed the certificates of both. */
  ca_file: string;
  secret_key: string;
  publishable_key: string;
};

export type Places = Pick<Quickstart, 'api_url' | 'vault_url' | 'ca_file'>;

/**
 * Keeps the quickstart file right: the first time with an organization and two test keys, later
 * with the addresses of this start. A start that was interrupted is completed.
 *
 * @returns the content, and whether the keys were made now
 */
export async function ensureQuickstart(
  file: string,
  operatorSocket: string,
  places: Places,
): Promise<{ quickstart: Quickstart; fresh: boolean }> {
  const kept = readKeys(file);
  const keys = kept ?? (await mintKeys(operatorSocket));
  const quickstart = { ...places, ...keys };
  writePrivate(file, `${JSON.stringify(quickstart, null, 2)}\n`);
  return { quickstart, fresh: kept === undefined };
}

type Keys = Pick<Quickstart, 'secret_key' | 'publishable_key'>;

function readKeys(file: string): Keys | undefined {
  try {
    const { secret_key, publishable_key } = JSON.parse(readFileSync(file, 'utf8'));
    const complete = typeof secret_key === 'string' && typeof publishable_key === 'string';
    return complete ? { secret_key, publishable_key } : undefined;
  } catch {
    return undefined;
  }
}

async function mintKeys(socket: string): Promise<Keys> {
  const listed = await askOperator(socket, 'GET', '/operator/organizations');
  const existing = Array.isArray(listed['data']) ? listed['data'] : [];
  const first =
    existing[0] ??
    (await askOperator(socket, 'POST', '/operator/organizations', { name: 'My business' }));
  const mint = async (kind: 'secret' | 'publishable') => {
    const wanted = { organization: first.id, mode: 'test', kind, name: `First ${kind} test key` };
    const { key } = await askOperator(socket, 'POST', '/operator/api_keys', wanted);
    if (typeof key !== 'string') throw new Refusal('The server minted a key without saying it.');
    return key;
  };
  return { secret_key: await mint('secret'), publishable_key: await mint('publishable') };
}
