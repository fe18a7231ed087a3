import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyFolder, payos } from '../../cli/test/run.ts';
import { type Db, openDb } from '../src/core/db.ts';
import { createUnsealing, sharesMs } from '../src/operator/unsealing.ts';
import { openKeyring } from '../src/seal/keyring-file.ts';
import { lockedProvider } from '../src/seal/locked-provider.ts';
import { readSealedKeyring, type SealedKeyring, sealByShares } from '../src/seal/sealed-keyring.ts';
import { formatShare, parseShare } from '../src/seal/share.ts';
import { goodCard, newAttempt, type Stage, setStage } from './stage.ts';
import { startVault } from './support.ts';

const { folder, remove } = emptyFolder();
const socket = join(folder, 'vault.sock');
let stage: Stage;
let db: Db;

before(async () => {
  stage = await setStage({ PAYOS_VAULT_OPERATOR_SOCKET: socket });
  db = openDb(stage.ground.appUrl, 2, () => {});
});
after(async () => {
  await db?.close();
  await stage?.close();
  remove();
});

const cli = (parameters: string[], input = '') =>
  payos(folder, ['vault', ...parameters], { PAYOS_VAULT_OPERATOR_SOCKET: socket }, input);
const unseal = (custodian: string, share: string) =>
  cli(['unseal', '--custodian', custodian], `${share}\n`);
const entries = async () =>
  stage.ground.query("SELECT actor, action, detail FROM audit_log WHERE action LIKE 'custody.%'");

describe('a vault whose root is split', () => {
  it('serves nothing until enough custodians were there', async () => {
    const token = await stage.createToken();
    const roots = ['--keyring', stage.ground.keyring, '--out', 'sealed.json'];
    const made = await cli(['custody', 'split', '--shares', '3', '--threshold', '2', ...roots]);
    assert.equal(made.code, 0, made.stderr);
    const shares = made.stdout.trim().split('\n');
    assert.equal(shares.length, 3);
    const twice = await cli(['custody', 'split', '--shares', '3', '--threshold', '2', ...roots]);
    assert.match(twice.stderr, /sealed\.json cannot be written \(EEXIST\)/);
    renameSync(join(folder, 'sealed.json'), stage.ground.keyring);
    const doorless = await startVault(stage.ground, {});
    assert.equal(await doorless.ended, 1);
    assert.match(doorless.output(), /set PAYOS_VAULT_OPERATOR_SOCKET/);
    await stage.restart();

    const [ready, made2] = [await stage.get('/readyz'), await stage.post({ type: 'card' })];
    assert.deepEqual([ready.status, made2.status, made2.json.code], [503, 503, 'unavailable']);
    assert.equal(ready.json.detail, 'sealed');
    assert.equal(made2.json.detail, made2.json.title);
    const asked = { tokens: [stage.owned(token)] };
    assert.equal((await stage.ask('/internal/tokens/describe', asked)).json.code, 'unavailable');
    assert.equal((await stage.get('/livez')).status, 200);
    assert.match((await cli(['keys', 'rotate'])).stderr, /The vault is sealed: it waits for/);
    const [one = '', two = '', three = ''] = shares;
    const first = await unseal('Ada', one);
    assert.match(first.stdout, /^Sealed: 1 of 2 shares/, first.stderr);
    for (const [name, share, why] of [
      ['Ada', two, /This custodian has given a share already/],
      ['Bob', one, /given already/],
      ['Bob', `${two.slice(0, -1)}x`, /typing mistake/],
    ] as const) {
      assert.match((await unseal(name, share)).stderr, why);
    }
    assert.equal((await stage.get('/readyz')).status, 503);
    const opened = await unseal('Bob', three);
    assert.match(opened.stdout, /^Unsealed/, opened.stderr);
    await stage.vault.said('"keys_rewrapped"');

    // It is looked at once a second at most.
    while ((await stage.get('/readyz')).status !== 200) await sleep(100);
    await stage.vault.said('"ready_again"');
    const told = stage.vault.output().match(/"event":"not_ready".*/g);
    assert.deepEqual(told, ['"event":"not_ready","code":"sealed"}'], 'said once');
    await stage.createToken();
    const live = stage.keyServer.addKey(stage.organization, 'live');
    const card = { type: 'card', card: goodCard };
    assert.equal((await stage.post(card, { authorization: `Bearer ${live}` })).status, 201);
    const sent = await stage.ask('/internal/forward', {
      ...stage.owned(token),
      attempt: newAttempt(),
      ...{ retain: false, saved: false, timeout_ms: 5_000, not_after_ms: Date.now() + 60_000 },
      request: { method: 'POST', url: 'https://localhost:1/', headers: {}, body: {} },
    });
    // The way to that host is not allowed, which is looked at after the seal.
    assert.equal(sent.json.code, 'invalid_request');
    const log = (await entries()).map(({ actor, action }) => `${actor} ${action}`);
    const expected = ['Ada custody.share', 'Bob custody.share', 'Bob custody.unseal'];
    assert.deepEqual(log.slice(-3), expected);
    assert.match((await entries()).at(-1)?.['detail'], /^set \w{8}, check value [0-9a-f]{32}$/);
    const secrets = shares.map((share) => share.split('-')[4] ?? '');
    const kept = stage.vault.output() + JSON.stringify(await entries());
    for (const secret of secrets) assert.equal(kept.includes(secret), false);
  });

  it('is split anew by the shares of before, and those are of no use then', async () => {
    const { keyring, shares } = sealByShares(readPlain(), 3, 2);
    writeFileSync(join(folder, 'old.json'), keyring, { mode: 0o600 });
    const again = ['custody', 'split', '--shares', '2', '--threshold', '2', '--json'];
    const roots = ['--keyring', 'old.json', '--out', 'new.json'];
    const wrong = await cli([...again, ...roots], shares.slice(0, 1).join('\n'));
    assert.match(wrong.stderr, /do not open this keyring/);
    const made = await cli([...again, ...roots], shares.slice(1).join('\n'));
    assert.equal(made.code, 0, made.stderr);
    const sealed = JSON.parse(readFileSync(join(folder, 'new.json'), 'utf8')) as SealedKeyring;
    assert.notEqual(sealed.lock.kind === 'shares' && sealed.lock.set, shares[0]?.split('-')[2]);
  });
});

const readPlain = () =>
  JSON.stringify({
    ...{ provider: 'keyring-file', current: 1 },
    roots: { 1: randomBytes(32).toString('base64') },
  });

describe('shares', () => {
  const { keyring, lock, shares } = sealByShares(readPlain(), 3, 2);
  const [one = '', two = ''] = shares;
  const sealed = { ...(readSealedKeyring(keyring) as SealedKeyring), lock };

  function waiting(onOpen = async () => {}) {
    const clock = { now: 0 };
    const provider = lockedProvider(sealed, (text) => openKeyring(text, true));
    const unsealing = createUnsealing({
      ...{ db, provider, log: () => {}, onOpen },
      clock: () => clock.now,
    });
    return { clock, provider, unsealing };
  }

  it('are forgotten after a quarter of an hour', async () => {
    const { clock, unsealing } = waiting();
    assert.equal((await unsealing.give('Ada', one)).custody?.given, 1);
    clock.now = sharesMs + 1;
    const status = await unsealing.give('Bob', two);
    assert.deepEqual([status.sealed, status.custody?.given], [true, 1]);
  });

  it('that are wrong are told of together, and all forgotten', async () => {
    const { unsealing } = waiting();
    const other = sealByShares(readPlain(), 3, 2).shares[1] ?? '';
    await assert.rejects(unsealing.give('Eve', other), (error) => {
      assert.match(JSON.stringify(error), /is of set/);
      return true;
    });
    const forged = forge(other, lock.set);
    await unsealing.give('Eve', forged);
    await assert.rejects(unsealing.give('Ada', one), (error) => {
      assert.match(JSON.stringify(error), /At least one of these/);
      return true;
    });
    assert.deepEqual(unsealing.status().custody?.given, 0);
    assert.equal((await entries()).at(-1)?.['action'], 'custody.refuse');
    await unsealing.give('Ada', one);
    assert.equal((await unsealing.give('Bob', two)).sealed, false);
    await assert.rejects(unsealing.give('Carl', shares[2] ?? ''), { code: 'vault_key_state' });
  });

  it('do not count when the audit log did not take them', async () => {
    const { unsealing } = waiting();
    await stage.ground.query('REVOKE INSERT ON audit_log FROM payos_vault_app');
    try {
      const both = [unsealing.give('Ada', one), unsealing.give('Bob', two)];
      const ends = await Promise.allSettled(both);
      assert.deepEqual(
        ends.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
    } finally {
      await stage.ground.query('GRANT INSERT ON audit_log TO payos_vault_app');
    }
    assert.deepEqual([unsealing.isSealed, unsealing.status().custody?.given], [true, 0]);
    await unsealing.give('Ada', one);
    assert.equal((await unsealing.give('Bob', two)).sealed, false);
  });

  it('open once, whoever comes while they do', async () => {
    const opening = Promise.withResolvers<void>();
    const opened: string[] = [];
    const { clock, provider, unsealing } = waiting(async () => {
      opened.push('once');
      await opening.promise;
      if (opened.length > 1) throw new Error('opened twice');
    });
    const first = unsealing.give('Ada', one);
    const second = unsealing.give('Bob', two);
    await first;
    const third = unsealing.give('Carl', shares[2] ?? '').catch((error) => error.code);
    while (opened.length === 0) await sleep(5);
    clock.now = sharesMs + 1;
    assert.equal(unsealing.status().custody?.given, 2);
    opening.resolve();
    assert.deepEqual(
      [await third, (await second).sealed, opened],
      ['vault_key_state', false, ['once']],
    );
    const context = { organization: 'org_a', mode: 'test', purpose: 'card', version: 1 } as const;
    assert.ok(await provider.wrap(Buffer.alloc(32), context));
  });

  it('that open a root which is not that of the keys leave the vault sealed', async () => {
    const { unsealing, provider } = waiting(async () => {
      throw new Error('another root');
    });
    await unsealing.give('Ada', one);
    await assert.rejects(unsealing.give('Bob', two), { code: 'keyring_refused' });
    assert.equal(unsealing.isSealed, true);
    const context = { organization: 'org_a', mode: 'test', purpose: 'card', version: 1 } as const;
    await assert.rejects(provider.wrap(Buffer.alloc(32), context), { name: 'KeyServiceFailed' });
  });
});

/** The share of another splitting, relabelled by somebody who knows the form. */
function forge(text: string, set: string): string {
  const share = parseShare(text);
  assert.ok(share);
  return formatShare({ ...share, set });
}
