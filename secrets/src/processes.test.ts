import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Cluster, releaseCluster, useCluster } from '../../tools/harness/cluster.ts';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';
import { sealed, startVaultService, type VaultService } from '../../tools/harness/vault-service.ts';

describe('processes that are started by hand', () => {
  let cluster: Cluster;
  let vault: VaultService;
  let payos: Installation;
  const names = ['simulator', 'vault', 'server', 'worker'] as const;

  before(async () => {
    cluster = await useCluster();
    const pem = (name: string) => readFileSync(join(cluster.certificates, name), 'utf8');
    vault = await startVaultService({ cert: pem('localhost.pem'), key: pem('localhost-key.pem') });
    const newKey = () => randomBytes(32).toString('base64');
    vault.put('secret/payos', { pepper: newKey(), sealing: newKey(), simulator: newKey() });
    vault.put('secret/tls', { certificate: pem('internal/ca.pem') });
    const settings = {
      VAULT_ADDR: vault.url,
      VAULT_TOKEN: vault.issue(),
      VAULT_CACERT: join(cluster.certificates, 'ca.pem'),
      PAYOS_KEY_PEPPER: 'vault://secret/payos#pepper',
      PAYOS_SEALING_KEY: 'vault://secret/payos#sealing',
      PAYOS_SIMULATOR_SECRET: 'vault://secret/payos#simulator',
      PAYOS_INTERNAL_CA_FILE: '',
      PAYOS_INTERNAL_CA: 'vault://secret/tls#certificate',
    };
    payos = await startInstallation({ cluster, settings });
  });
  after(async () => {
    await payos?.stop();
    await vault?.stop();
    await releaseCluster();
  });

  it('read what they use from Vault themselves, certificates too', async () => {
    assert.equal((await payos.api.get('/readyz')).status, 200);
    const count = (path: string) => vault.seen.filter((one) => one.path === path).length;
    assert.deepEqual([count('secret/data/payos'), count('secret/data/tls')], [3, 3]);
  });

  for (const name of names) {
    it(`does not start while Vault is sealed, and says so in one line: ${name}`, async () => {
      await payos.processes[name].stop();
      vault.outage = sealed;
      const log = join(payos.directory, `${name}.log`);
      const written = readFileSync(log, 'utf8').length;
      await assert.rejects(payos.processes[name].start(), /ended with 1/);
      const lines = readFileSync(log, 'utf8').slice(written).trim().split('\n');
      const told = lines.filter((line) => !line.startsWith('{'));
      assert.match(
        told.at(-1) ?? '',
        /PAYOS_\w+: Vault at \S+ is sealed \(503\)\. Unseal it, then/,
      );
      assert.ok(told.length <= 2, told.join('\n'));
      vault.outage = undefined;
      await payos.processes[name].start();
    });
  }
});
