import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SettingSpec, settingsTable } from 'payos-contract';
import { root } from './program.ts';
import { readTree } from './tidy/source.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('the key inventory has every key, and no setting that is none', () => {
  const inventory = read('docs/pci/key-inventory.md');
  const [, union = ''] =
    /type KeyPurpose =([^;]+);/.exec(read('vault/src/seal/key-provider.ts')) ?? [];
  const purposes = [...union.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  assert.ok(purposes.length >= 3, 'the purposes of the vault were not found');
  for (const name of purposes) assert.ok(inventory.includes(`purpose \`${name}\``), name);
  const settings: [string, SettingSpec][] = Object.entries(settingsTable);
  const keys = settings.filter(([, { kind }]) => kind === 'secret' || kind === 'private key');
  const named = [...inventory.matchAll(/^\| `(PAYOS_\w+)`/gm)].map(([, name]) => name);
  assert.deepEqual(named.sort(), keys.map(([name]) => name).sort());
});

/** Put together here, so that the search does not find itself. */
const claims = [
  ['PCI', 'compliant'],
  ['PCI', 'certified'],
  ['bank', 'grade'],
  ['military', 'grade'],
  ['zero', 'knowledge'],
  ['HSM', 'backed'],
  ['out of', 'PCI scope'],
].map(([one, two]) => new RegExp(`${one}(?: DSS)?[\\s-]{1,3}${two}`, 'i'));
/** Says that software is not that. */
const denial = /software is not "PCI compliant"/g;

test('nothing that people read claims what software cannot be', () => {
  const texts = readTree().filter(({ path }) => {
    return /\.(md|tsx?|html|mjs)$/.test(path) && !/\.test\.tsx?$/.test(path);
  });
  assert.ok(texts.length > 500);
  const found = texts.flatMap(({ path, text }) =>
    claims
      .filter((claim) => claim.test(text.replaceAll(denial, '')))
      .map((claim) => {
        return `${path}: ${claim.source}`;
      }),
  );
  assert.deepEqual(found, []);
  for (const claim of ['PCI-compliant', 'pci dss compliant', 'Bank-grade', 'zero\nknowledge']) {
    assert.ok(
      claims.some((pattern) => pattern.test(claim)),
      claim,
    );
  }
});
