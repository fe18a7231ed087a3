import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  overQuota,
  sealed,
  startVaultService,
  type VaultService,
} from '../../tools/harness/vault-service.ts';
import { keyOf, load, mistakesOf, testCertificates } from './testing.ts';

const certificates = await testCertificates();
let vault: VaultService;
let way: Record<string, string>;
const pepper = keyOf('P');
const reference = 'vault://secret/payos#key_pepper';

before(async () => {
  vault = await startVaultService(certificates.tls);
  vault.put('secret/payos', { key_pepper: 'of yesterday' });
  vault.put('secret/payos', { key_pepper: pepper, sealing_key: keyOf('S'), port: 9443, list: [] });
  way = { VAULT_ADDR: vault.url, VAULT_CACERT: certificates.caFile };
});
after(() => vault.stop());
afterEach(() => {
  Object.assign(vault, { outage: undefined, namespace: undefined, silent: false });
  vault.outageLasts = Number.POSITIVE_INFINITY;
  vault.seen.length = 0;
});

/** The way in, with a token that may read everything. */
const open = () => ({ ...way, VAULT_TOKEN: vault.issue() });

async function pepperFrom(env: Record<string, string>): Promise<unknown> {
  const result = await load(env);
  assert.ok(result.ok, result.ok ? '' : result.mistakes.join('\n'));
  return result.settings.PAYOS_KEY_PEPPER;
}

describe('Vault', () => {
  it('is asked once for each secret, and not at all without a reference', async () => {
    const result = await load({
      ...open(),
      PAYOS_KEY_PEPPER: reference,
      PAYOS_SEALING_KEY: 'vault://secret/payos#sealing_key',
      PAYOS_PORT: 'vault://secret/payos#port',
    });
    assert.ok(result.ok);
    const { PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY, PAYOS_PORT } = result.settings;
    assert.deepEqual([PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY, PAYOS_PORT], [pepper, keyOf('S'), 9443]);
    const paths = vault.seen.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(paths, ['GET secret/data/payos']);
    assert.ok((await load({ ...way, PAYOS_PORT: '1' })).ok);
    assert.equal(vault.seen.length, 1);
  });

  it('has mounts with a slash and version 1 by the path of the API', async () => {
    vault.put('kv/team/payos', { key_pepper: keyOf('T') });
    vault.put('old/my payos', { key_pepper: keyOf('O') });
    const team = 'vault:///kv/team/data/payos#key_pepper';
    assert.equal(await pepperFrom({ ...open(), PAYOS_KEY_PEPPER: team }), keyOf('T'));
    vault.put('old/payos', { key_pepper: keyOf('O') });
    const old = 'vault:///old/payos#key_pepper';
    assert.equal(await pepperFrom({ ...open(), PAYOS_KEY_PEPPER: old }), keyOf('O'));
  });

  it('is told the namespace', async () => {
    vault.namespace = 'team/payments';
    const env = { ...open(), PAYOS_KEY_PEPPER: reference };
    assert.equal(await pepperFrom({ ...env, VAULT_NAMESPACE: 'team/payments' }), pepper);
    assert.match(await mistakesOf(env), /no such secret \(404\).*VAULT_NAMESPACE/);
  });

  it('is entered with a token from a file', async () => {
    const file = join(certificates.folder, 'token');
    writeFileSync(file, `${vault.issue()}\n`, { mode: 0o600 });
    const env = { ...way, VAULT_TOKEN_FILE: file, PAYOS_KEY_PEPPER: reference };
    assert.equal(await pepperFrom(env), pepper);
  });

  it('is entered with an AppRole, whose token is given back', async () => {
    const { roleId, secretId } = vault.addRole((path) => path === 'secret/data/payos');
    const file = join(certificates.folder, 'secret-id');
    writeFileSync(file, secretId, { mode: 0o600 });
    const role = { VAULT_ROLE_ID: roleId, VAULT_SECRET_ID_FILE: file };
    const before = vault.tokens.size;
    assert.equal(await pepperFrom({ ...way, ...role, PAYOS_KEY_PEPPER: reference }), pepper);
    assert.deepEqual(
      vault.seen.map(({ method, path }) => `${method} ${path}`),
      ['POST auth/approle/login', 'GET secret/data/payos', 'POST auth/token/revoke-self'],
    );
    assert.equal(vault.tokens.size, before);
  });

  it('may stumble: what passes is tried again', async () => {
    for (const outage of [sealed, overQuota]) {
      Object.assign(vault, { outage, outageLasts: 2 });
      assert.equal(await pepperFrom({ ...open(), PAYOS_KEY_PEPPER: reference }), pepper);
    }
    assert.equal(vault.seen.length, 6);
  });
});

describe('a secret that Vault does not give', () => {
  const cases: [string, string, RegExp][] = [
    ['is not there', 'vault://secret/nothing#a', /: vault:\/\/secret\/nothing: there is no such/],
    ['has another mount', 'vault://elsewhere/payos#a', /there is no such secret \(404\).*mount/],
    ['has the path of the API', 'vault://secret/data/payos#a', /without "data\/"/],
    ['has no such field', 'vault://secret/payos#nope', /payos#nope: the secret has no such field/],
    ['has a field of every object', 'vault://secret/payos#toString', /has no such field/],
    ['is no text', 'vault://secret/payos#list', /the field is not text/],
  ];
  for (const [what, text, message] of cases) {
    it(`is named when it ${what}`, async () => {
      const mistakes = await mistakesOf({ ...open(), PAYOS_KEY_PEPPER: text });
      assert.match(mistakes, /^PAYOS_KEY_PEPPER: /);
      assert.match(mistakes, message);
    });
  }

  it('is named when it was deleted', async () => {
    vault.put('secret/gone', { a: 'b' });
    vault.remove('secret/gone');
    const mistakes = await mistakesOf({ ...open(), PAYOS_KEY_PEPPER: 'vault://secret/gone#a' });
    assert.match(mistakes, /the newest version of the secret was deleted/);
  });

  it('is named together with the path that the policy has to allow', async () => {
    const narrow = vault.issue((path) => path === 'secret/data/other');
    const stranger = 'hvs.nobody-knows-it';
    for (const VAULT_TOKEN of [narrow, stranger]) {
      const mistakes = await mistakesOf({ ...way, VAULT_TOKEN, PAYOS_KEY_PEPPER: reference });
      assert.match(mistakes, /vault:\/\/secret\/payos: .* let it read secret\/data\/payos \(403\)/);
      assert.ok(!mistakes.includes(VAULT_TOKEN));
    }
  });
});

describe('a Vault that cannot be asked', () => {
  const both = { PAYOS_KEY_PEPPER: reference, PAYOS_SEALING_KEY: 'vault://secret/x#y' };
  const about = 'PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY: ';

  it('is sealed, fails, limits our rate or sends us elsewhere: one line', async () => {
    const elsewhere = { status: 307, body: undefined, headers: { location: 'https://evil' } };
    const cases = [
      [sealed, /^Vault at https:\S+ is sealed \(503\)\. Unseal it, then start again\.$/],
      [{ status: 500, body: { errors: ['internal error'] } }, /^Vault at \S+ fails \(500\)\./],
      [overQuota, /^Vault at \S+ limits our rate \(429\)\./],
      [elsewhere, /^Vault at \S+ sends us elsewhere \(307\)\. Correct VAULT_ADDR\.$/],
    ] as const;
    for (const [outage, message] of cases) {
      vault.outage = outage;
      const mistakes = await mistakesOf({ ...open(), ...both });
      assert.ok(mistakes.startsWith(about), mistakes);
      assert.match(mistakes.slice(about.length), message);
    }
  });

  it('is not there', async () => {
    const mistakes = await mistakesOf({ ...open(), ...both, VAULT_ADDR: 'https://localhost:1' });
    const words = 'cannot be reached (ECONNREFUSED). Check VAULT_ADDR and the network.';
    assert.equal(mistakes, `${about}Vault at https://localhost:1 ${words}`);
  });

  it('does not answer: we give up after 15 seconds', { timeout: 40_000 }, async () => {
    vault.silent = true;
    const mistakes = await mistakesOf({ ...open(), ...both });
    assert.match(mistakes, /cannot be reached \(no answer in time\)/);
    assert.ok(vault.seen.length === 0);
  });

  it('has a certificate that nobody vouches for: it gets no token', async () => {
    const mistakes = await mistakesOf({ ...open(), ...both, VAULT_CACERT: '' });
    assert.match(mistakes, /certificate of Vault at \S+ is not trusted \(\w+\)\. Set VAULT_CACERT/);
    assert.equal(vault.seen.length, 0);
  });

  it('is elsewhere and without TLS: it gets no token', async () => {
    for (const VAULT_ADDR of ['http://vault.example:8200', 'http://10.0.0.1', 'ftp://localhost']) {
      const mistakes = await mistakesOf({ ...open(), ...both, VAULT_ADDR });
      assert.match(mistakes, /VAULT_ADDR must be a URL like https:.*http only on this machine/);
    }
    const local = await startVaultService(undefined);
    local.put('secret/payos', { key_pepper: pepper });
    const env = { VAULT_ADDR: local.url, VAULT_TOKEN: local.issue(), PAYOS_KEY_PEPPER: reference };
    assert.equal(await pepperFrom(env), pepper);
    await local.stop();
  });

  it('answers something else than Vault', async () => {
    const other = createServer((_, response) => response.end('<p>Welcome</p>'));
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
    const VAULT_ADDR = `http://localhost:${(other.address() as AddressInfo).port}`;
    const mistakes = await mistakesOf({ ...open(), VAULT_ADDR, PAYOS_KEY_PEPPER: reference });
    assert.match(mistakes, /Vault answered 200 and no secret/);
    other.close();
  });

  it('needs an address and one way in', async () => {
    const cases: [Record<string, string>, RegExp][] = [
      [{ VAULT_ADDR: '' }, /VAULT_ADDR is not set/],
      [{ VAULT_ADDR: 'https://user:pass@localhost' }, /VAULT_ADDR must be/],
      [{ VAULT_TOKEN: '' }, /set either VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID/],
      [{ VAULT_ROLE_ID: 'a' }, /set either VAULT_TOKEN, or/],
      [{ VAULT_TOKEN: '', VAULT_ROLE_ID: 'a' }, /set either VAULT_TOKEN, or/],
      [{ VAULT_TOKEN_FILE: '/x' }, /VAULT_TOKEN and VAULT_TOKEN_FILE are both set/],
      [{ VAULT_TOKEN: '', VAULT_TOKEN_FILE: '/nowhere' }, /VAULT_TOKEN_FILE: the file \/nowhere/],
      [{ VAULT_TOKEN: 'two words' }, /VAULT_TOKEN is not one word/],
      [{ VAULT_CACERT: '/nowhere' }, /VAULT_CACERT: the file \/nowhere cannot be read/],
      [{ VAULT_TOKEN: '', VAULT_ROLE_ID: 'a', VAULT_SECRET_ID: 'b' }, /refuses the AppRole login/],
    ];
    for (const [more, message] of cases) {
      const mistakes = await mistakesOf({ ...open(), ...both, ...more });
      assert.ok(mistakes.startsWith(about), mistakes);
      assert.match(mistakes, message);
      assert.ok(!mistakes.includes('\n'));
    }
  });
});
