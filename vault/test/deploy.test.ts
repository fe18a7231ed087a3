import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { vaultFlags } from '../../launcher/src/hardened.ts';
import { root } from '../../tools/program.ts';
import { vaultFolders, vaultPackages } from '../../tools/vault-lock.ts';
import { type Ground, prepareGround, startVault } from './support.ts';

let ground: Ground;
let machine: string;
before(async () => {
  ground = await prepareGround();
  machine = mkdtempSync(join(tmpdir(), 'payos-vault-machine-'));
});
after(async () => {
  rmSync(machine, { recursive: true, force: true });
  await ground.close();
});

it('a machine with nothing but what the list names runs the vault', async () => {
  for (const folder of vaultFolders()) {
    const parts = ['package.json', 'src'].map((part) => join(folder, part));
    for (const part of parts) cpSync(join(root, part), join(machine, part), { recursive: true });
  }
  for (const { path, entry } of vaultPackages(false)) {
    const place = join(machine, path);
    mkdirSync(dirname(place), { recursive: true });
    if (entry.link === true) symlinkSync(join(machine, entry.resolved ?? ''), place);
    else cpSync(join(root, path), place, { recursive: true });
  }
  const names = readdirSync(join(machine, 'node_modules'));
  for (const absent of ['fastify', 'undici', '@aws-sdk', 'kysely', 'payos-server']) {
    assert.ok(!names.includes(absent), absent);
  }
  const settings = { PAYOS_FIELDS_FOLDER: join(root, 'fields/dist') };
  const vault = await startVault(ground, settings, vaultFlags, join(machine, 'vault'));
  await vault.said('"event":"ready"');
  assert.doesNotMatch(vault.output(), /closed_in_live_mode(?!.*The root of the keys)/);
  await vault.stop();
});
