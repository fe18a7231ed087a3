import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKms, startTransit } from './key-services.ts';
import { goodCard, newAttempt, setStage } from './stage.ts';
import { type Ground, prepareGround, startVault } from './support.ts';

let ground: Ground;
const ends: (() => Promise<unknown>)[] = [];
before(async () => {
  ground = await prepareGround();
});
after(async () => {
  for (const end of ends) await end();
  await ground?.close();
});

const body = { type: 'card', card: goodCard };

describe('a vault whose keys are in AWS KMS', () => {
  it('stops in time when the key is disabled, and gives its keys to another provider', async () => {
    const kms = await startKms(ground);
    ends.push(kms.stop);
    const stage = await setStage(
      {
        ...kms.environment,
        NODE_EXTRA_CA_CERTS: ground.path('ca.pem'),
        PAYOS_VAULT_KEY_PROVIDER: 'aws-kms',
        PAYOS_VAULT_KMS_KEY: kms.key,
        PAYOS_VAULT_KEY_CACHE_SECONDS: '2',
        PAYOS_FORWARD_HOSTS: 'localhost:1',
      },
      ground,
    );
    const token = await stage.createToken();
    const ready = async () => (await stage.get('/readyz')).status;
    assert.equal(await ready(), 200);
    kms.state.keys.set(kms.key, 'Disabled');
    assert.equal((await stage.post(body)).status, 201);
    await sleep(2_100);
    const refused = await stage.post(body);
    assert.deepEqual([refused.status, refused.json.code], [503, 'unavailable']);
    const forward = await stage.ask('/internal/forward', {
      ...stage.owned(token),
      attempt: newAttempt(),
      retain: false,
      timeout_ms: 20_000,
      saved: false,
      not_after_ms: Date.now() + 60_000,
      request: {
        method: 'POST',
        url: 'https://localhost:1/',
        headers: {},
        body: { card: { number: '{{card.number}}' } },
      },
    });
    assert.equal(forward.json.outcome, 'not_sent', forward.text);
    while ((await ready()) !== 503) await sleep(500);
    assert.equal((await stage.get('/readyz')).json.detail, 'key_service');
    await stage.vault.said('"not_ready","code":"key_service"');
    kms.state.keys.set(kms.key, 'Enabled');
    await sleep(1_100);
    assert.equal((await stage.post(body)).status, 201);
    await stage.close();

    const keyring = await startVault(ground, {});
    assert.equal(await keyring.ended, 1);
    assert.match(keyring.output(), /vault: .*2 keys in the database are wrapped by aws-kms/);

    const both = await startVault(ground, {
      ...kms.environment,
      NODE_EXTRA_CA_CERTS: ground.path('ca.pem'),
      PAYOS_VAULT_OLD_KEY_PROVIDER: 'aws-kms',
      PAYOS_VAULT_KMS_KEY: kms.key,
    });
    await both.said('"keys_rewrapped","count":2');
    await both.stop();
    const alone = await startVault(ground, {});
    assert.equal(alone.child.exitCode, null, alone.output());
    await alone.stop();
    await ground.query('TRUNCATE cards, keks, idempotency_keys, forwards, tokens CASCADE');
  });
});

describe('a vault whose keys are in transit', () => {
  it('does not start without them, and takes live cards', async () => {
    const { vault, environment, provider } = await startTransit(ground);
    ends.push(vault.stop);
    const settings = {
      ...environment,
      PAYOS_VAULT_KEY_PROVIDER: 'vault-transit',
      PAYOS_VAULT_TRANSIT_KEY: 'transit/payos',
    };
    const stage = await setStage(settings, ground);
    const live = stage.keyServer.addKey(stage.organization, 'live');
    const reply = await stage.post(body, { authorization: `Bearer ${live}` });
    assert.equal(reply.status, 201);
    await stage.close();
    vault.transit.delete('payos');
    const process = await startVault(ground, settings);
    assert.equal(await process.ended, 1);
    assert.match(process.output(), /vault: The keys cannot be had: Vault has no such key/);
    await provider.close();
  });
});
