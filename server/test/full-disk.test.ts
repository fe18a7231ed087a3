import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ start: ['server'] });
});
after(async () => shop?.stop());

it('a log that cannot be written stops no payment', async () => {
  for (const name of ['server', 'vault', 'worker', 'simulator'] as const) {
    await shop.processes[name].stop();
    const log = join(shop.directory, `${name}.log`);
    rmSync(log, { force: true });
    // Every write to it fails as on a full disk.
    symlinkSync('/dev/full', log);
    await shop.processes[name].start();
  }
  for (let count = 0; count < 20; count += 1) {
    const paid = await shop.pay();
    assert.equal(paid.status, 201, paid.text);
  }
});
