import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PayOS } from 'payos-sdk';
import { Complaint } from './complaint.ts';
import { quickstartFile, readQuickstart } from './data-folder.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Clients of the installation at hand: with `PAYOS_SECRET_KEY` or the file that
 * `PAYOS_SECRET_KEY_FILE` names, or else with the test keys that `npm start` left in
 * `quickstart.json`.
 *
 * @returns `server` acts as the merchant's server; `browser` only creates tokens
 * @throws Complaint when there is no key
 */
export function connect(around: Surroundings): { server: PayOS; browser: PayOS } {
  const quickstart = readQuickstart(around);
  const given = givenKey(around);
  const place =
    quickstart === undefined
      ? {}
      : {
          baseUrl: quickstart.api_url,
          vaultUrl: quickstart.vault_url,
          caFile: quickstart.ca_file,
        };
  if (given !== undefined) {
    const server = new PayOS({ ...place, secretKey: given });
    return { server, browser: server };
  }
  if (quickstart === undefined) {
    throw new Complaint('There is no API key.', [
      'fix: Start PayOS with `npm start`, which writes ' +
        `${quickstartFile(around)}, or set PAYOS_SECRET_KEY.`,
    ]);
  }
  return {
    server: new PayOS({ ...place, secretKey: quickstart.secret_key }),
    browser: new PayOS({ ...place, secretKey: quickstart.publishable_key }),
  };
}

/** @throws Complaint, without the path: it may be the key itself, put into the wrong variable */
function givenKey({ env, directory }: Surroundings): string | undefined {
  const { PAYOS_SECRET_KEY: key, PAYOS_SECRET_KEY_FILE: file } = env;
  if (!file) return key || undefined;
  if (key) {
    throw new Complaint('PAYOS_SECRET_KEY and PAYOS_SECRET_KEY_FILE are both set.', [
      'fix: Set one of the two.',
    ]);
  }
  try {
    return readFileSync(resolve(directory, file), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw new Complaint(`The file that PAYOS_SECRET_KEY_FILE names cannot be read (${code}).`, [
      'fix: Give the path of a file with the key in it, which you may read.',
    ]);
  }
}
