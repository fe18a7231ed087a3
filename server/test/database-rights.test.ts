import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import { openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
before(async () => {
  shop = await openSharedShop();
  await shop.pay();
});
after(async () => shop?.stop());

type Role = Parameters<typeof databaseUrl>[1];

async function as(role: Role, database: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl(shop.cluster, role, database) });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('what opens an account', () => {
  for (const what of [
    'password_hash FROM accounts',
    'previous_passwords FROM accounts',
    'secret_sealed FROM totp_factors',
    'hash FROM recovery_codes',
    'token_hash FROM sessions',
    'token_hash FROM invitations',
    'token_hash FROM one_time_links',
    'challenge FROM webauthn_challenges',
    'email_key FROM password_reset_requests',
    'data_sealed FROM mails',
    '* FROM accounts',
  ]) {
    it(`is not for the role that only reads: ${what}`, async () => {
      const refused = as('payos_read', shop.databases.control, `SELECT ${what}`);
      await assert.rejects(refused, /permission denied/);
    });
  }
});

describe('the audit log', () => {
  const attempts = [
    'UPDATE audit_log SET action = action',
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    'ALTER TABLE audit_log DISABLE TRIGGER ALL',
    'DROP TABLE audit_log',
  ];
  for (const sql of attempts) {
    it(`refuses the server's role: ${sql}`, async () => {
      const refused = as('payos_app', shop.databases.control, sql);
      await assert.rejects(refused, /permission denied|must be owner/);
    });
  }

  it('refuses changes even by the owner, by trigger', async () => {
    for (const sql of attempts.slice(0, 3)) {
      const refused = as('payos_owner', shop.databases.control, sql);
      await assert.rejects(refused, /only ever inserted/);
    }
  });

  it('tells who did what to what, in which request', async () => {
    const text = `SELECT actor_type, actor_id, action, request_id, host(address) AS address
      FROM audit_log WHERE action LIKE 'payment.%'
        AND organization_id = '${shop.organization}' ORDER BY id`;
    const { rows } = await as('payos_read', shop.databases.control, text);
    assert.deepEqual(
      rows.map((row) => [row.actor_type, row.actor_id, row.action]),
      [
        ['api_key', shop.secretId, 'payment.create'],
        ['api_key', shop.secretId, 'payment.authorize.settle'],
      ],
    );
    assert.ok(rows.every((row) => row.request_id.startsWith('req_') && row.address));
  });
});

describe('the wall', () => {
  it('keeps the control plane`s roles out of the vault`s database', async () => {
    for (const role of ['payos_app', 'payos_read', 'payos_owner'] as const) {
      const refused = as(role, shop.databases.vault, 'SELECT 1');
      await assert.rejects(refused, /permission denied for database/);
    }
  });

  it('keeps the vault`s roles out of the control plane`s database', async () => {
    for (const role of ['payos_vault_app', 'payos_vault_owner'] as const) {
      const refused = as(role, shop.databases.control, 'SELECT 1');
      await assert.rejects(refused, /permission denied for database/);
    }
  });

  it('lets the reading role only read', async () => {
    const refused = as('payos_read', shop.databases.control, 'DELETE FROM payments');
    await assert.rejects(refused, /read-only transaction|permission denied/);
    const forced = as(
      'payos_read',
      shop.databases.control,
      'BEGIN READ WRITE; DELETE FROM payments',
    );
    await assert.rejects(forced, /permission denied/);
  });

  it('does not let the server rewrite what happened', async () => {
    for (const sql of [
      'DELETE FROM events',
      "UPDATE events SET type = 'x'",
      'DELETE FROM payments',
    ]) {
      await assert.rejects(as('payos_app', shop.databases.control, sql), /permission denied/);
    }
  });
});

describe('a change that fails half-way', () => {
  it('leaves neither itself nor its audit entry nor its event', async () => {
    const count = async () => {
      const own = `organization_id = '${shop.organization}'`;
      const text = `SELECT (SELECT count(*) FROM customers WHERE ${own})::int AS customers,
        (SELECT count(*) FROM audit_log WHERE ${own})::int AS notes,
        (SELECT count(*) FROM events WHERE ${own})::int AS events`;
      return (await as('payos_read', shop.databases.control, text)).rows[0];
    };
    await shop.post('/v1/customers', { reference: 'taken' });
    const before = await count();
    const refused = await shop.post('/v1/customers', { reference: 'taken' });
    assert.equal(refused.status, 400, refused.text);
    assert.deepEqual(await count(), before);
  });
});
