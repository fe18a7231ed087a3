import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ExternalZone, prepareExternal } from './external.ts';
import type { Postgres } from './postgres.ts';
import { allRoles, type RoleName } from './roles.ts';
import { query, superuserPassword, testFolder, testPostgres } from './testing.ts';

describe('databases of a PostgreSQL that somebody else runs', () => {
  const passwords = Object.fromEntries(
    [...allRoles, 'postgres'].map((role) => [role, `of ${role}`]),
  ) as Record<RoleName, string>;
  const directory = testFolder('external');
  let server: Postgres;
  const as = (user: string, database: string) => server.url(user, 'theirs', database);
  const admin = (text: string) =>
    query(server.url('postgres', superuserPassword, 'postgres'), text);

  before(async () => {
    server = await testPostgres(directory);
    await admin(`CREATE ROLE shop LOGIN CREATEROLE PASSWORD 'theirs'`);
    await admin(`CREATE ROLE limited LOGIN PASSWORD 'theirs'`);
    for (const name of ['shop', 'shop_vault']) await admin(`CREATE DATABASE ${name} OWNER shop`);
    await admin('CREATE DATABASE limited OWNER limited');
  });
  after(() => server.stop());

  const zonesOf = (control: string, vault: string): ExternalZone[] => [
    {
      zone: 'control',
      setting: 'DATABASE_URL',
      url: control,
      roles: { payos_app: 'PAYOS_DB_APP_URL', payos_read: 'PAYOS_DB_READ_URL' },
    },
    {
      zone: 'vault',
      setting: 'VAULT_DATABASE_URL',
      url: vault,
      roles: { payos_vault_app: 'PAYOS_VAULT_DB_APP_URL' },
    },
  ];

  it('must be two', async () => {
    const zones = zonesOf(as('shop', 'shop'), `${as('shop', 'shop')}&application_name=other`);
    await assert.rejects(prepareExternal(zones, passwords), {
      name: 'Refusal',
      message: /are the same database/,
    });
  });

  it('must be there', async () => {
    const zones = zonesOf(as('shop', 'nowhere'), as('shop', 'shop_vault'));
    await assert.rejects(prepareExternal(zones, passwords), {
      name: 'Refusal',
      message: /^DATABASE_URL: no connection .*"nowhere" does not exist/,
    });
    const broken = zonesOf('mysql://db/payos', as('shop', 'shop_vault'));
    await assert.rejects(prepareExternal(broken, passwords), { name: 'Refusal' });
  });

  it('need a user that may create roles, or roles that are there', async () => {
    const zones = zonesOf(as('limited', 'limited'), as('shop', 'shop_vault'));
    await assert.rejects(prepareExternal(zones, passwords), {
      name: 'Refusal',
      message: /CREATE ROLE payos_app .* Then set PAYOS_DB_APP_URL and PAYOS_DB_READ_URL/,
    });
  });

  it('get roles of their own that cannot cross the wall', async () => {
    const zones = zonesOf(as('shop', 'shop'), as('shop', 'shop_vault'));
    const urls = await prepareExternal(zones, passwords);
    const who = 'SELECT current_user AS who, current_database() AS at';
    const at = (role: RoleName) => query(urls[role] ?? '', who);
    assert.deepEqual(await at('payos_app'), [{ who: 'payos_app', at: 'shop' }]);
    assert.deepEqual(await at('payos_read'), [{ who: 'payos_read', at: 'shop' }]);
    assert.deepEqual(await at('payos_vault_app'), [{ who: 'payos_vault_app', at: 'shop_vault' }]);
    const across = server.url('payos_app', passwords.payos_app, 'shop_vault');
    await assert.rejects(query(across, who), { code: '42501' });
  });

  it('get the password that we know when a role has another', async () => {
    await admin(`ALTER ROLE payos_app PASSWORD 'forgotten'`);
    const zones = zonesOf(as('shop', 'shop'), as('shop', 'shop_vault'));
    const urls = await prepareExternal(zones, passwords);
    assert.equal((await query(urls.payos_app ?? '', 'SELECT 1 AS n'))[0]?.['n'], 1);
  });

  it('are refused while the wall has a hole', async () => {
    await admin('GRANT CONNECT ON DATABASE shop_vault TO payos_app');
    const zones = zonesOf(as('shop', 'shop'), as('shop', 'shop_vault'));
    await assert.rejects(prepareExternal(zones, passwords), {
      name: 'Refusal',
      message: /payos_app can connect to shop_vault/,
    });
  });
});
