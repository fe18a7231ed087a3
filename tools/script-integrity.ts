import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCheckout } from '../launcher/src/build-checkout.ts';
import { buildFields, builtFields } from '../launcher/src/build-fields.ts';
import { builtFolder } from '../launcher/src/build-package.ts';
import { root } from './program.ts';

/** A script or style sheet of a page on which cards are typed in. */
export type Script = {
  /** On the origin that serves it. */
  path: string;
  /** Of Subresource Integrity. */
  integrity: string;
  loaded_by: string;
  purpose: string;
  owner: string;
};

/** What runs where cards are typed in: who loads it, what for, and whose it is. */
const fieldsFiles = [
  {
    name: 'payos.js',
    loaded_by: "the merchant's page",
    purpose: 'Puts the frames into the page and tells it how they are doing. Never sees a card.',
  },
  {
    name: 'frame.js',
    loaded_by: 'the frames, from the origin of the vault',
    purpose:
      'The inputs for card data, and the hidden frame that turns what they hold into a token.',
  },
  {
    name: 'frame.css',
    loaded_by: 'the frames, from the origin of the vault',
    purpose: 'The looks of the inputs.',
  },
];

/**
 * The scripts of the secure fields with their hashes (Subresource Integrity), as a list that a
 * merchant can keep (PCI DSS 6.4.3). The build is the same wherever it is made.
 */
export async function fieldsIntegrity(): Promise<string> {
  await buildFields();
  const version = versionOf('fields');
  const scripts = fieldsFiles.map(({ name, ...about }): Script => {
    const integrity = integrityOf(join(builtFields, `v${version}`, name));
    const path = `/fields/v${version}/${name}`;
    return { path, integrity, ...about, owner: 'PayOS, folder fields/' };
  });
  return listOf(version, scripts);
}

/** The same of the hosted checkout page. */
export async function checkoutIntegrity(): Promise<string> {
  await buildCheckout();
  const built = builtFolder('checkout');
  const files = globSync('assets/*.{js,css}', { cwd: built }).sort();
  const scripts = files.map((file): Script => {
    const purpose = file.endsWith('.js')
      ? 'Shows what is to be paid, puts the secure fields into the page, and pays.'
      : 'The looks of the page.';
    return {
      path: `/checkout/${file}`,
      integrity: integrityOf(join(built, file)),
      loaded_by: 'the checkout page, from the origin of the API',
      purpose,
      owner: 'PayOS, folder checkout/',
    };
  });
  return listOf(versionOf('checkout'), scripts);
}

const listOf = (version: string, scripts: readonly Script[]) =>
  `${JSON.stringify({ version, scripts }, null, 2)}\n`;

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')).version;

const integrityOf = (file: string) =>
  `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;
