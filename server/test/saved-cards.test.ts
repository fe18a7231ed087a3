import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { eventually, openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
let db: pg.Client;
let vaultDb: pg.Client;
before(async () => {
  shop = await openSharedShop();
  db = await shop.connect('control');
  vaultDb = await shop.connect('vault');
});
after(async () => {
  await Promise.all([db?.end(), vaultDb?.end()]);
  await shop?.stop();
});

function decodeBase58(text: string): Uint8Array {
  const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const value = [...text].reduce((sum, one) => sum * 58n + BigInt(digits.indexOf(one)), 0n);
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
}

const saveCard = async (customer: string, number?: string, more: object = {}) => {
  const token = await shop.tokenize(number, more);
  const paid = await shop.pay({ token, save_for: customer });
  assert.equal(paid.status, 201, paid.text);
  return paid.body.payment_method as string;
};

const methodOf = async (id: string) => (await shop.get(`/v1/payment_methods/${id}`)).body;
const patch = (id: string, body: object) =>
  shop.api.call('PATCH', `/v1/payment_methods/${id}`, { key: shop.secret, body });

describe('a card that is saved twice', () => {
  it('stays one payment method, with the later expiry', async () => {
    const first = await saveCard('twice', '5555555555554444', { exp_year: 2031 });
    assert.equal(await saveCard('twice', '5555555555554444', { exp_year: 2030 }), first);
    assert.equal((await methodOf(first)).card.exp_year, 2031);
    assert.equal(await saveCard('twice', '5555555555554444', { exp_year: 2035 }), first);
    const shown = await methodOf(first);
    assert.equal(shown.card.exp_year, 2035);
    const list = await shop.get(`/v1/payment_methods?customer=${shown.customer}`);
    assert.deepEqual(list.body.data, [shown]);
    assert.equal((await shop.pay({ payment_method: first })).status, 201);
    const text = 'SELECT save_fingerprint FROM payments WHERE organization_id = $1';
    const { rows } = await db.query(text, [shop.organization]);
    assert.ok(rows.every(({ save_fingerprint }) => save_fingerprint === null));
  });

  it('at once stays one, too', async () => {
    const tokens = await Promise.all(Array.from({ length: 4 }, () => shop.tokenize()));
    const paid = await Promise.all(tokens.map((token) => shop.pay({ token, save_for: 'at-once' })));
    assert.equal(new Set(paid.map(({ body }) => body.payment_method)).size, 1, paid[0]?.text);
  });

  it('is told apart by its fingerprint, in one organization and for secret keys', async () => {
    const [one, two] = [
      await saveCard('fp-1', '3566002020360505'),
      await saveCard('fp-2', '3566002020360505'),
    ];
    const [{ fingerprint }, other] = [await methodOf(one), await methodOf(two)];
    assert.match(fingerprint, /^fp_/);
    assert.equal(other.fingerprint, fingerprint);
    const found = await shop.get(`/v1/payment_methods?fingerprint=${fingerprint}`);
    assert.deepEqual(
      found.body.data.map(({ id }: { id: string }) => id),
      [two, one],
    );
    for (const query of ['last4=0505&brand=jcb', 'brand=jcb']) {
      const filtered = await shop.get(`/v1/payment_methods?${query}`);
      assert.deepEqual(
        filtered.body.data.map(({ id }: { id: string }) => id),
        [two, one],
        query,
      );
    }
    const none = await shop.get('/v1/payment_methods?last4=0505&brand=visa');
    assert.deepEqual(none.body.data, []);
    const shown = await shop.get(`/v1/tokens/${await shop.tokenize('3566002020360505')}`);
    assert.equal(shown.body.fingerprint, fingerprint);
    const events = await shop.get('/v1/events?limit=100');
    assert.doesNotMatch(events.text, /"fp_/);
  });
});

describe('the expiry of a saved card', () => {
  it('is changed, with what the vault has sealed, and the card goes on', async () => {
    const id = await saveCard('renewed', '4000056655665556', { name: 'Ada' });
    const before = await methodOf(id);
    assert.deepEqual([before.card.funding, before.card.country], ['debit', 'US']);
    const changed = await patch(id, { exp_month: 2, exp_year: 2039, name: 'Grace' });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(changed.body.card, { ...before.card, exp_month: 2, exp_year: 2039 });
    assert.equal(changed.body.fingerprint, before.fingerprint);
    assert.doesNotMatch(changed.text, /Grace/);
    assert.equal((await shop.pay({ payment_method: id })).status, 201);
    const { body } = await shop.get('/v1/events?limit=5');
    const told = body.data.filter(
      ({ type }: { type: string }) => type === 'payment_method.updated',
    );
    assert.equal(told[0]?.data.card.exp_year, 2039);
    const { rows } = await db.query(
      `SELECT details FROM audit_log WHERE object_id = $1 AND action = 'payment_method.update'`,
      [id],
    );
    assert.deepEqual(rows, [{ details: { exp_month: 2, exp_year: 2039, name: 'changed' } }]);
    const same = await patch(id, { exp_year: 2039 });
    assert.equal(same.body.updated_at, changed.body.updated_at);
  });

  it('is refused where it is none, and the card stays as it was', async () => {
    const id = await saveCard('stays');
    const codes = {
      card_expired: { exp_month: 1, exp_year: 2020 },
      invalid_card: { name: '4000 1234 1234' },
      invalid_request: { exp_month: 13 },
      card_data_refused: { name: '4242424242424242' },
    };
    for (const [code, body] of Object.entries(codes)) {
      const refused = await patch(id, body);
      assert.equal(refused.body.code, code, refused.text);
    }
    const past = (await patch(id, { exp_month: 1, exp_year: 2020 })).body;
    assert.match(past.detail, /in the past/);
    assert.match(past.fix, /`exp_month` and `exp_year`/);
    assert.equal(past.param, 'exp_month');
    assert.match((await patch(id, { name: '4000 1234 1234' })).body.fix, /`name`/);
    assert.equal((await patch(id, {})).body.code, 'invalid_request');
    assert.equal((await methodOf(id)).card.exp_year, 2031);
  });

  it('changed by several at once is that of one of them', async () => {
    const id = await saveCard('several');
    const years = [2032, 2033, 2034, 2035];
    const answers = await Promise.all(years.map((exp_year) => patch(id, { exp_year })));
    for (const answer of answers) assert.equal(answer.status, 200, answer.text);
    assert.ok(years.includes((await methodOf(id)).card.exp_year));
    assert.equal((await shop.pay({ payment_method: id })).status, 201);
  });
});

describe('a token that nobody paid with', () => {
  it('is destroyed, and one that was used is not', async () => {
    const token = await shop.tokenize();
    assert.equal((await shop.get(`/v1/tokens/${token}`)).body.status, 'ready');
    const remove = (id: string) =>
      shop.api.call('DELETE', `/v1/tokens/${id}`, { key: shop.secret });
    assert.deepEqual((await remove(token)).body, { id: token, deleted: true });
    assert.equal((await shop.pay({ token })).status, 404);
    assert.equal((await remove(token)).status, 404);
    const used = await shop.tokenize();
    await shop.pay({ token: used });
    assert.equal((await remove(used)).body.code, 'token_already_used');
    const { status, fingerprint } = (await shop.get(`/v1/tokens/${used}`)).body;
    assert.deepEqual([status, fingerprint], ['used', null]);
  });
});

describe('a token that pays several times', () => {
  it('pays until it is deleted, and its card is saved by none of these', async () => {
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2031, cvc: '123' };
    const body = { type: 'card', card, single_use: false, expires_in: 600 };
    const made = await shop.vault.call('POST', '/v1/tokens', { key: shop.secret, body });
    const token = made.body.id as string;
    const read = async () => (await shop.get(`/v1/tokens/${token}`)).body;
    const { status, single_use, created_at, expires_at } = await read();
    assert.deepEqual([status, single_use], ['ready', false]);
    assert.equal(Date.parse(expires_at) - Date.parse(created_at), 600_000);
    const saving = await shop.pay({ token, save_for: 'often' });
    assert.equal(saving.body.errors?.[0].pointer, '/save_for', saving.text);
    const both = await Promise.all([shop.pay({ token }), shop.pay({ token })]);
    for (const paid of both) assert.equal(paid.status, 201, paid.text);
    assert.equal((await read()).status, 'ready');
    await vaultDb.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [token]);
    assert.equal((await shop.pay({ token })).body.code, 'token_expired');
    const gone = await shop.api.call('DELETE', `/v1/tokens/${token}`, { key: shop.secret });
    assert.equal(gone.status, 200, gone.text);
    assert.equal((await shop.pay({ token })).status, 404);
  });
});

describe('cards that were saved before there were fingerprints', () => {
  it('get what is shown of others, but two alike have one fingerprint', async () => {
    const numbers = ['5200828282828210', '5200828282828210', '5105105105105100'];
    const ids: string[] = [];
    for (const [at, number] of numbers.entries()) ids.push(await saveCard(`old-${at}`, number));
    const before = await Promise.all(ids.map(methodOf));
    assert.ok(before.every(({ card }) => card.funding !== null));
    const tokens = await eventually(async () => {
      const { rows } = await db.query(
        'SELECT token_id FROM payment_methods WHERE id = ANY ($1) AND kept_at IS NOT NULL',
        [ids],
      );
      return rows.length === ids.length ? rows.map(({ token_id }) => token_id) : undefined;
    }, 'the vault keeps them');
    await vaultDb.query('UPDATE tokens SET funding = NULL, country = NULL WHERE id = ANY ($1)', [
      tokens,
    ]);
    await db.query(
      `UPDATE payment_methods SET described = false, fingerprint = NULL,
         card = card - 'funding' - 'country', customer_id = $2 WHERE id = ANY ($1)`,
      [ids, before[0].customer],
    );
    const after = await eventually(async () => {
      const text = 'SELECT FROM payment_methods WHERE NOT described AND organization_id = $1';
      const { rows: left } = await db.query(text, [shop.organization]);
      return left.length === 0 ? Promise.all(ids.map(methodOf)) : undefined;
    }, 'the worker asks the vault');
    assert.deepEqual(
      after.map(({ card }) => card),
      before.map(({ card }) => card),
    );
    const [one, same, other] = after.map(({ fingerprint }) => fingerprint);
    assert.deepEqual([one, same].toSorted(), [before[0].fingerprint, null].toSorted());
    assert.equal(other, before[2].fingerprint);
    for (const [at, id] of ids.entries()) {
      const changed = await patch(id, { exp_year: 2039 });
      assert.equal(changed.status, 200, changed.text);
      assert.equal(changed.body.fingerprint, after[at].fingerprint);
    }
    const events = await db.query(
      `SELECT object_id FROM events WHERE type = 'payment_method.updated' AND object_id = ANY ($1)`,
      [ids],
    );
    assert.equal(events.rowCount, 2 * ids.length);
    assert.ok(!JSON.stringify(events.rows).includes('fp_'));
  });
});

describe('a card that is deleted', () => {
  it('leaves nothing that was made of its number', async () => {
    const id = await saveCard('gone', '6011111111111117', { name: 'Nobody Else' });
    const { fingerprint } = await methodOf(id);
    await patch(id, { exp_year: 2037 });
    const hex = Buffer.from(decodeBase58(fingerprint.slice(3))).toString('hex');
    const known = await vaultDb.query(
      `SELECT encode(mac, 'hex') AS mac FROM fingerprints WHERE encode(id, 'hex') = $1`,
      [hex],
    );
    assert.equal(known.rows.length, 1);
    const count = `SELECT count(*)::int AS n FROM cards JOIN tokens ON id = token_id
      WHERE organization_id = $1`;
    const { rows: before } = await vaultDb.query(count, [shop.organization]);
    const gone = await shop.api.call('DELETE', `/v1/payment_methods/${id}`, { key: shop.secret });
    assert.equal(gone.status, 200, gone.text);
    const { rows: after } = await vaultDb.query(count, [shop.organization]);
    // The card, and the one it was before its expiry was changed.
    assert.equal(after[0].n, before[0].n - 2);
    for (const [database, needles] of [
      [db, [fingerprint]],
      [vaultDb, [fingerprint, hex, known.rows[0].mac]],
    ] as const) {
      const { rows } = await database.query(
        `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
           AND relnamespace = 'public'::regnamespace`,
      );
      assert.ok(rows.length > 5);
      for (const { relname } of rows) {
        for (const needle of needles) {
          const query = `SELECT FROM "${relname}" AS row WHERE row::text LIKE '%' || $1 || '%'`;
          assert.equal((await database.query(query, [needle])).rowCount, 0, relname);
        }
      }
    }
  });
});

describe('the security code of a saved card', () => {
  const recollect = async (cvc = '123') => {
    const body = { type: 'cvc', cvc };
    const made = await shop.vault.call('POST', '/v1/tokens', { key: shop.publishable, body });
    assert.equal(made.status, 201, made.text);
    return made.body.id as string;
  };

  it('is asked for once more, checked, and used up by a decline', async () => {
    const payment_method = await saveCard('code-1');
    const before = await shop.pay({ payment_method });
    const { attempts } = (await shop.get(`/v1/payments/${before.body.id}`)).body;
    assert.equal(attempts[0].cvc_check, 'unchecked');
    const cvc_token = await recollect();
    const paid = await shop.pay({ payment_method, cvc_token });
    assert.equal(paid.status, 201, paid.text);
    assert.equal(paid.body.initiated_by, 'customer');
    const shown = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(shown.body.attempts[0].cvc_check, 'pass');
    const wrong = await recollect('000');
    const declined = await shop.pay({ payment_method, cvc_token: wrong });
    assert.equal(declined.body.decline_code, 'incorrect_cvc', declined.text);
    for (const used of [cvc_token, wrong]) {
      const again = await shop.pay({ payment_method, cvc_token: used });
      assert.equal(again.status, 404);
      assert.equal(again.body.code, 'cvc_token_expired');
      assert.equal(again.body.payment, undefined);
    }
  });

  it('is refused where it says nothing', async () => {
    const payment_method = await saveCard('code-2');
    const cvc_token = await recollect();
    const withToken = await shop.pay({ token: await shop.tokenize(), cvc_token });
    assert.equal(withToken.body.errors[0].pointer, '/cvc_token');
    const absent = await shop.pay({ payment_method, cvc_token, initiated_by: 'merchant' });
    assert.equal(absent.body.errors[0].pointer, '/initiated_by');
    const paid = await shop.pay({ payment_method, cvc_token });
    assert.equal(paid.status, 201, paid.text);
  });

  it('of another organization is as if there were none', async () => {
    const payment_method = await saveCard('code-3');
    const other = await shop.operator.createOrganization('Other');
    const { key } = await shop.operator.mint(other, { kind: 'publishable' });
    const body = { type: 'cvc', cvc: '123' };
    const theirs = await shop.vault.call('POST', '/v1/tokens', { key, body });
    const refused = await shop.pay({ payment_method, cvc_token: theirs.body.id });
    const none = await shop.pay({ payment_method, cvc_token: 'cvc_1111111111111111111111' });
    assert.equal(refused.status, 404);
    const shape = ({ request_id, ...rest }: { request_id?: string }) => rest;
    assert.deepEqual(shape(refused.body), shape(none.body));
  });
});
