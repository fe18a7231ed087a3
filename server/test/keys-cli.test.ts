import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { emptyFolder, type Finished, payos } from '../../cli/test/run.ts';
import { newId } from '../src/core/random.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

let office: SharedOffice;
let folder: ReturnType<typeof emptyFolder>;
before(async () => {
  office = await openSharedOffice();
  folder = emptyFolder();
});
after(async () => {
  folder?.remove();
  await office?.stop();
});

async function keys(...parameters: string[]): Promise<Finished> {
  const env = { PAYOS_OPERATOR_SOCKET: office.operator.socket };
  const done = await payos(folder.folder, ['keys', ...parameters], env);
  assert.equal(done.code, 0, done.stderr);
  return done;
}
const status = async (key: string) => (await office.api.get('/v1/payments', key)).status;

/** The commands against the real server: a key from its making to its end. */
describe('payos keys', () => {
  it('makes, shows, narrows, rotates, switches and revokes a key', async () => {
    const organization = ['--organization', office.organization];
    const made = await keys(
      ...['create', '--mode', 'test', '--name', 'Shop', '--service', 'checkout', ...organization],
      ...['--permissions', 'payments:read,refunds:read', '--ip-ranges', '127.0.0.0/8'],
      ...['--limit', 'eur:5000:-', '--limit', 'JPY:-:9', '--expires', '90d', '--rate-limit', '50'],
    );
    const key = made.stdout.trim();
    assert.equal(await status(key), 200);
    const id = /key_\w+/.exec(made.stderr)?.[0] ?? '';

    const shown = JSON.parse((await keys('show', id, '--json')).stdout);
    assert.equal(shown.service, 'checkout');
    assert.deepEqual(shown.amount_limits, [
      { currency: 'EUR', per_payment: 5000, per_day: null },
      { currency: 'JPY', per_payment: null, per_day: 9 },
    ]);
    const days = (Date.parse(shown.expires_at) - Date.now()) / 86_400_000;
    assert.ok(days > 89.9 && days < 90.1);
    const text = (await keys('show', id)).stdout;
    assert.match(text, /^status: +active \(secret, test mode\)$/m);
    assert.match(text, /^addresses: +127\.0\.0\.0\/8$/m);

    const narrow = await keys('narrow', id, '--without', 'refunds:read');
    assert.match(narrow.stderr, /Taken away: refunds:read/);
    assert.match(narrow.stderr, /\d+ of \d+ processes have acknowledged it/);
    assert.match((await keys('narrow', id, '--unused')).stderr, /nothing to take away/);
    await keys('update', id, '--name', 'Other', '--ip-ranges', 'none', '--limit', 'none');
    const updated = JSON.parse((await keys('show', id, '--json')).stdout);
    assert.deepEqual([updated.name, updated.ip_ranges, updated.amount_limits], ['Other', [], []]);

    const rotated = await keys('rotate', id, '--overlap', '1h', '--expires', 'never');
    const next = rotated.stdout.trim();
    assert.deepEqual([await status(key), await status(next)], [200, 200]);
    assert.match(rotated.stderr, new RegExp(`finish-rotation ${id}`));
    await keys('finish-rotation', id);
    assert.deepEqual([await status(key), await status(next)], [401, 200]);

    const heir = JSON.parse((await keys('show', id, '--json')).stdout).successor;
    assert.match((await keys('disable', heir, '--reason', 'odd')).stdout, /is disabled\.$/m);
    assert.equal(await status(next), 401);
    assert.match((await keys('enable', heir)).stdout, /is active\.$/m);
    const revoked = await keys('revoke', id, '--successors', '--reason', 'done', '--json');
    assert.equal(JSON.parse(revoked.stdout).revoked_reason, 'done');
    assert.equal(await status(next), 401);
    const listed = (await keys('list', ...organization)).stdout;
    assert.match(listed, new RegExp(`^${heir}\t.*\trevoked\t`, 'm'));
  });

  it('lists what is wrong with keys, when they are due and where they were exposed', async () => {
    const organization = ['--organization', office.organization];
    const make = ['create', '--mode', 'live', '--name', 'Seen', ...organization];
    const id = /key_\w+/.exec((await keys(...make)).stderr)?.[0] ?? '';
    await office.db.query(
      `UPDATE api_keys SET exposed_at = now(), exposed_how = 'plain_http',
         exposed_where = '203.0.113.9' WHERE id = $1`,
      [id],
    );
    assert.match((await keys('show', id)).stdout, /^exposed where: +203\.0\.113\.9$/m);
    const listed = (await keys('list', ...organization)).stdout;
    assert.match(listed, new RegExp(`^${id}\t.*\t20[\\d:.TZ-]+\t-\tplain_http$`, 'm'));
    const which = ['--mode', 'live', ...organization];
    const safety = await keys('safety', ...which);
    assert.match(safety.stdout, new RegExp(`^high\t${id}\tSeen\texposed\trotate\tIt was sent`));
    assert.match(safety.stderr, /^Looked at 1 key\.$/m);
    assert.equal(JSON.parse((await keys('safety', ...which, '--json')).stdout).keys, 1);
  });

  it('takes no permission away where one of the names is not one of the key', async () => {
    const make = ['create', '--mode', 'test', '--name', 'Slip', '--organization'];
    const made = await keys(
      ...make,
      office.organization,
      '--permissions',
      'payments:read,refunds:write',
    );
    const id = /key_\w+/.exec(made.stderr)?.[0] ?? '';
    const slip = ['keys', 'narrow', id, '--without', 'refund:wirte,payments:read'];
    const done = await payos(folder.folder, slip, {
      PAYOS_OPERATOR_SOCKET: office.operator.socket,
    });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /does not have refund:wirte\. Nothing was changed/);
    assert.match(done.stderr, /fix: Name some of what it has: payments:read, refunds:write/);
    const shown = JSON.parse((await keys('show', id, '--json')).stdout);
    assert.deepEqual(shown.permissions, ['payments:read', 'refunds:write']);
  });

  it('gives a signing key nothing that the vault would refuse it, and names options', async () => {
    const organization = ['--organization', office.organization];
    const publicKey = (await keys('generate-signing-key')).stdout.trim();
    const create = ['create', '--mode', 'live', '--name', 'Signs', ...organization];
    const id = (await keys(...create, '--public-key', publicKey)).stdout.trim();
    const { permissions } = JSON.parse((await keys('show', id, '--json')).stdout);
    assert.ok(permissions.includes('payments:write') && !permissions.includes('tokens:create'));
    const safety = (await keys('safety', '--mode', 'live', ...organization)).stdout;
    assert.match(safety, new RegExp(`^low\t${id}\tSigns\ttoo_broad\t`, 'm'));
    const env = { PAYOS_OPERATOR_SOCKET: office.operator.socket };
    const refused = async (...parameters: string[]) => {
      const done = await payos(folder.folder, ['keys', ...parameters], env);
      assert.equal(done.code, 1);
      return done.stderr;
    };
    assert.match(await refused('rotate', id), /^ {2}--public-key "…": /m);
    const within = await refused('update', id, '--ip-ranges', '10.0.0.1/8');
    assert.match(
      within,
      /^ {2}--ip-ranges: 10\.0\.0\.1\/8 names an address within 10\.0\.0\.0\/8/m,
    );
    assert.doesNotMatch(await refused('create', ...create.slice(1, 4), ''), /u0000/);
  });

  it('says which successors a revocation leaves alive, and which it ends', async () => {
    const organization = ['--organization', office.organization];
    const made = await keys('create', '--mode', 'test', '--name', 'Chain', ...organization);
    const id = /key_\w+/.exec(made.stderr)?.[0] ?? '';
    const heirOf = async (key: string) => {
      await keys('rotate', key, '--overlap', '1h');
      return JSON.parse((await keys('show', key, '--json')).stdout).successor;
    };
    const second = await heirOf(id);
    const third = await heirOf(second);
    const alone = await keys('revoke', id);
    assert.equal(alone.stdout, `${id} ("Chain") is revoked.\n`);
    for (const heir of [second, third]) {
      assert.match(alone.stderr, new RegExp(`successor ${heir} still works: add --successors`));
    }
    const all = await keys('revoke', id, '--successors');
    const lines = [id, second, third].map((key) => `${key} ("Chain") is revoked.\n`);
    assert.equal(all.stdout, lines.join(''));
    assert.doesNotMatch(all.stderr, /still works/);
    assert.doesNotMatch((await keys('revoke', id)).stderr, /still works/);
  });

  it('shows and changes the rules', async () => {
    const which = ['--mode', 'live', '--organization', office.organization];
    assert.match((await keys('policy', ...which)).stdout, /^max_age_days: +90$/m);
    assert.match((await keys('policy', ...which)).stdout, /^require_ip_ranges: +no$/m);
    const set = ['--max-age', 'none', '--on-overdue', 'freeze', '--one-service', 'yes'];
    const more = ['--longest-expiry', '60', '--on-plain-http', 'disable'];
    const changed = JSON.parse((await keys('policy', ...which, ...set, ...more, '--json')).stdout);
    assert.deepEqual(
      [changed.max_age_days, changed.on_overdue, changed.one_service_per_key],
      [null, 'freeze', true],
    );
    assert.deepEqual([changed.longest_expiry_days, changed.on_plain_http], [60, 'disable']);
    assert.equal(changed.require_ip_ranges, false);
  });
});

describe('payos pci report', () => {
  const report = async (...parameters: string[]) => {
    // What `npm start` leaves behind names the authority that is trusted.
    const data = join(folder.folder, 'data');
    const names = ['api_url', 'vault_url', 'secret_key', 'publishable_key'];
    const quickstart = Object.fromEntries(names.map((name) => [name, '']));
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'ca.pem'), office.ca);
    const content = { ...quickstart, ca_file: join(data, 'ca.pem') };
    writeFileSync(join(data, 'quickstart.json'), JSON.stringify(content));
    const env = { PAYOS_OPERATOR_SOCKET: office.operator.socket, PAYOS_DATA_DIR: data };
    const only = ['--organization', office.organization];
    const done = await payos(folder.folder, ['pci', 'report', ...only, ...parameters], env);
    assert.equal(done.code, 0, done.stderr);
    return done;
  };

  it('has what the installation has, in an order that stays', async () => {
    const owner = await office.join('owner');
    await office.join('support');
    const organization = ['--organization', office.organization];
    const mint = ['create', '--mode', 'live', '--name', 'Till', '--service', 'till', '--json'];
    const { id } = JSON.parse(
      (await keys(...mint, ...organization, '--ip-ranges', '192.0.2.0/24')).stdout,
    );
    const use = `INSERT INTO api_key_permission_uses VALUES ($1, $2, 'tokens:create', 7, $3)`;
    await office.db.query(use, [office.organization, id, new Date()]);

    const { rows } = await office.db.query('SELECT account_id FROM members WHERE id = $1', [
      owner.member,
    ]);
    await office.db.query(
      `INSERT INTO card_gate_attestations (organization_id, id, mode, level, assessor,
         document_sha256, valid_from, valid_until, raw_cards, reveal, key_per_hour, key_per_day,
         all_per_hour, all_per_day, requested_by, requested_by_account)
       VALUES ($1, $2, 'live', 'roc_merchant', 'Assessors | Sons', repeat('a', 64), now(),
         now() + interval '90 days', true, false, 1, 1, 1, 1, $3, $4)`,
      [office.organization, newId('attestation'), owner.member, rows[0].account_id],
    );
    await office.db.query(
      `INSERT INTO checkout_sessions (organization_id, id, mode, amount, currency, reference,
         return_url, cancel_url, save_payment_method, expires_at)
       VALUES ($1, $2, 'test', 1, 'EUR', 'r', 'https://a', 'https://a', false, now())`,
      [office.organization, newId('checkoutSession')],
    );
    await office.db.query(
      `INSERT INTO card_data_findings (organization_id, id, mode, stream, place, found, untold,
         last_at)
       VALUES ($1, $2, 'live', 'answer', 'GET /v1/payments', 3, 0, now()),
         ($1, $3, 'live', 'webhook', 'payment.failed', 1, 0, now() - interval '91 days'),
         ($4, $5, 'live', 'answer', 'GET /v1/refunds', 1, 0, now())`,
      [
        ...[office.organization, newId('finding'), newId('finding')],
        ...[office.stranger, newId('finding')],
      ],
    );
    const { assessment, tls, scripts } = JSON.parse((await report('--json')).stdout);
    const [shop] = assessment.organizations;
    assert.deepEqual([shop.id, assessment.organizations.length], [office.organization, 1]);
    const till = shop.keys.find(({ key }: { key: string }) => key === id);
    assert.deepEqual([till.has_ip_list, till.overdue, till.mode], [true, false, 'live']);
    const { last_used_at: _, ...tokenizing } = shop.tokenizing[0];
    assert.deepEqual(tokenizing, { key: id, mode: 'live', kind: 'secret', requests: 7 });
    assert.equal(shop.members.length, 1, 'support holds nothing that is sensitive');
    assert.equal(shop.members[0].email, owner.email);
    assert.ok(shop.members[0].sensitive.includes('keys:write'));
    assert.ok(shop.members[0].totp || shop.members[0].passkeys > 0);
    assert.deepEqual(shop.checkout, [{ mode: 'test', sessions: 1, paid: 0 }]);
    assert.deepEqual(
      assessment.found.map(({ place, found }: { place: string; found: number }) => [place, found]),
      [['GET /v1/payments', 3]],
    );
    assert.deepEqual([shop.gates.length, shop.gates[0].standing], [1, 'requested']);
    assert.ok(shop.audit.entries > 0 && shop.audit.first_at <= shop.audit.last_at);
    const set = assessment.weakened.map(({ setting }: { setting: string }) => setting);
    assert.deepEqual(set, [...set].sort());
    assert.ok(set.includes('PAYOS_EGRESS_ALLOW'), 'as the harness sets it');
    assert.match(tls[0].protocol, /^TLSv1\.[23]$/);
    assert.equal(tls[0].refuses_old, true);
    type Seen = { path: string; integrity: string; served: string };
    for (const page of ['fields', 'checkout']) {
      const own = scripts.filter(({ path }: Seen) => path.startsWith(`/${page}/`));
      assert.ok(own.length >= 2, page);
      for (const { served, integrity } of own as Seen[]) assert.equal(served, integrity, page);
    }

    const [one, two] = await Promise.all([report(), report('--markdown')]);
    const body = ({ stdout }: Finished) => stdout.replace(/Written .*/, '');
    assert.equal(body(one), body(two));
    assert.match(one.stdout, /live \| key\\_\w+ \| raw card data/);
    assert.doesNotMatch(one.stdout, /compliant/i);
  });

  it('goes into a file for its owner only, and never over another', async () => {
    const file = join(folder.folder, 'report.html');
    await report('--html', '--out', 'report.html');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/);
    const env = { PAYOS_OPERATOR_SOCKET: office.operator.socket };
    const again = ['pci', 'report', '--html', '--out', 'report.html'];
    const { code, stderr } = await payos(folder.folder, again, env);
    assert.equal(code, 1);
    assert.match(stderr, /is there already/);
  });
});
