import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFields, builtFields } from '../launcher/src/build-fields.ts';
import { root } from './program.ts';

/** What runs where cards are typed in: who loads it, what for, and whose it is. */
const files = [
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
  const { version } = JSON.parse(readFileSync(join(root, 'fields', 'package.json'), 'utf8'));
  const scripts = files.map(({ name, ...about }) => {
    const content = readFileSync(join(builtFields, `v${version}`, name));
    const hash = createHash('sha384').update(content).digest('base64');
    const path = `/fields/v${version}/${name}`;
    return { path, integrity: `sha384-${hash}`, ...about, owner: 'PayOS, folder fields/' };
  });
  return `${JSON.stringify({ version, scripts }, null, 2)}\n`;
}
