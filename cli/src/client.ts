import { PayOS } from 'payos-sdk';
import { Complaint } from './complaint.ts';
import { quickstartFile, readQuickstart } from './data-folder.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Clients of the installation at hand: with `PAYOS_SECRET_KEY`, or else with the test keys that
 * `npm start` left in `quickstart.json`.
 *
 * @returns `server` acts as the merchant's server; `browser` only creates tokens
 * @throws Complaint when there is no key
 */
export function connect(around: Surroundings): { server: PayOS; browser: PayOS } {
  const quickstart = readQuickstart(around);
  const given = around.env.PAYOS_SECRET_KEY;
  const place =
    quickstart === undefined
      ? {}
      : {
          baseUrl: quickstart.api_url,
          vaultUrl: quickstart.vault_url,
          caFile: quickstart.ca_file,
        };
  if (given !== undefined && given !== '') {
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
