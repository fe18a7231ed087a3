import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { formatCheckoutSecret, schemas, visitorPermissions } from 'payos-contract';
import pg from 'pg';
import { databaseUrl } from '../../tools/harness/cluster.ts';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { signedIn } from '../../tools/harness/people.ts';
import { inertRoutes } from './inert-routes.ts';
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
  await db?.end();
  await vaultDb?.end();
  await shop?.stop();
});

const asked = {
  amount: 1999,
  currency: 'eur',
  reference: 'order 1042',
  return_url: 'https://shop.example/thanks?order=1042',
  cancel_url: 'https://shop.example/cart',
};

const apiUrl = () => `https://localhost:${shop.ports.api}`;

async function open(more: object = {}, key = shop.secret) {
  const answer = await shop.api.post('/v1/checkout_sessions', key, { ...asked, ...more });
  assert.equal(answer.status, 201, answer.text);
  const { id, url } = answer.body as { id: string; url: string };
  const secret = new URL(url).hash.slice(1);
  const path = `/v1/checkout_sessions/${id}`;
  return {
    id,
    url,
    secret,
    collecting: (await shop.api.get(`${path}/page`, secret)).body.collect_key as string,
    view: async () => (await shop.api.get(`${path}/page`, secret)).body as schemas.CheckoutView,
    confirm: (body: object) => shop.api.call('POST', `${path}/confirm`, { key: secret, body }),
    session: async () => (await shop.get(path)).body as schemas.CheckoutSession,
    change: (sql: string) => db.query(`UPDATE checkout_sessions SET ${sql} WHERE id = $1`, [id]),
  };
}

/** A card collected on the page: by its secret, from its origin. */
async function collect(secret: string, number = '4242424242424242', headers: object = {}) {
  const card = { number, exp_month: 12, exp_year: 2031, cvc: '123' };
  return shop.vault.call('POST', '/v1/tokens', {
    key: secret,
    body: { type: 'card', card },
    headers: { origin: apiUrl(), ...headers },
  });
}
const tokenOf = (secret: string, number?: string): Promise<string> =>
  // A page may ask for two a second.
  eventually(async () => (await collect(secret, number)).body.id, 'a token');
const codeOf = async (secret: string): Promise<string> => {
  const more = { body: { type: 'cvc', cvc: '123' }, headers: { origin: apiUrl() } };
  return (await shop.vault.call('POST', '/v1/tokens', { key: secret, ...more })).body.id;
};
/** Tokens as if the page of a session had made them. */
const tokensOf = async (session: string, count: number) => {
  const tokens = await Promise.all(Array.from({ length: count }, () => shop.tokenize()));
  await vaultDb.query(
    `UPDATE tokens SET made_with = 'checkout_session', checkout_session = $2 WHERE id = ANY ($1)`,
    [tokens, session],
  );
  return tokens;
};

const payments = async (session: string) =>
  (
    await db.query<{ id: string; status: string }>(
      'SELECT id, status FROM payments WHERE checkout_session_id = $1',
      [session],
    )
  ).rows;

describe('a checkout session', () => {
  it('is made, looked at by its page, paid once, and tells of it', async () => {
    const one = await open({ metadata: { a: 'b' }, description: 'Two tickets' });
    assert.ok(one.url.startsWith(`${apiUrl()}/checkout/${one.id}#payos_cs_test_`));
    const view = await one.view();
    assert.equal(view.merchant.name, 'Shop');
    assert.deepEqual(
      [view.status, view.amount, view.currency, view.reference, view.try, view.return_url],
      ['open', 1999, 'EUR', 'order 1042', 0, null],
    );
    const paid = await one.confirm({ try: 0, token: await tokenOf(one.collecting) });
    assert.equal(paid.status, 200, paid.text);
    assert.equal(paid.body.status, 'complete');
    assert.equal(
      paid.body.return_url,
      `https://shop.example/thanks?order=1042&status=succeeded&checkout_session=${one.id}`,
    );
    const session = await one.session();
    assert.equal(session.status, 'complete');
    const payment = (await shop.get(`/v1/payments/${session.payment}`)).body;
    assert.deepEqual(
      [payment.checkout_session, payment.amount, payment.reference, payment.metadata],
      [one.id, 1999, 'order 1042', { a: 'b' }],
    );
    const told = await db.query('SELECT type, data FROM events WHERE object_id = $1', [one.id]);
    assert.deepEqual(told.rows, [{ type: 'checkout_session.completed', data: session }]);
    const again = await one.confirm({ try: 1, token: await shop.tokenize() });
    assert.equal(`${again.status} ${again.body.code}`, '409 checkout_session_state');
    assert.equal((await collect(one.collecting)).body.code, 'checkout_session_over');
  });

  it('shows its secret to nobody a second time, and keeps only its hash', async () => {
    const one = await open();
    const listed = await shop.get('/v1/checkout_sessions');
    assert.equal(((await one.session()) as { url?: string }).url, undefined);
    assert.ok(!listed.text.includes(one.secret.slice(20)));
    const dump = await db.query(
      `SELECT (SELECT string_agg(s::text, '') FROM checkout_sessions s) ||
         (SELECT string_agg(c::text, '') FROM checkout_secrets c) ||
         (SELECT string_agg(a::text, '') FROM audit_log a) AS text`,
    );
    assert.ok(!dump.rows[0].text.includes(one.secret.slice(40, 60)));
  });

  it('charges one card, however many come at once', async () => {
    const one = await open();
    const tokens = await tokensOf(one.id, 20);
    const answers = await Promise.all(tokens.map((token) => one.confirm({ try: 0, token })));
    const codes = answers.map(({ status, body }) => `${status} ${body.code ?? body.status}`);
    assert.equal(codes.filter((code) => code === '200 complete').length, 1, codes.join());
    assert.ok(
      codes.every((code) => ['200 complete', '409 checkout_session_state'].includes(code)),
      codes.join(),
    );
    assert.equal((await payments(one.id)).length, 1);
  });

  it('stays open after a decline, says no more than it should, and can be paid then', async () => {
    const one = await open();
    const stolen = await one.confirm({
      try: 0,
      token: await tokenOf(one.collecting, '4000000000009979'),
    });
    assert.deepEqual(
      [stolen.body.status, stolen.body.problem, stolen.body.try],
      ['open', 'declined', 1],
    );
    assert.ok(!stolen.text.includes('stolen'));
    const poor = await one.confirm({
      try: 1,
      token: await tokenOf(one.collecting, '4000000000009995'),
    });
    assert.equal(poor.body.problem, 'insufficient_funds', poor.text);
    // A try that was answered is not made again by whoever did not hear the answer.
    const late = await one.confirm({ try: 1, token: await tokenOf(one.collecting) });
    assert.equal(late.body.code, 'checkout_session_state');
    const paid = await one.confirm({ try: 2, token: await tokenOf(one.collecting) });
    assert.equal(paid.body.status, 'complete', paid.text);
    assert.deepEqual((await payments(one.id)).map(({ status }) => status).sort(), [
      'failed',
      'failed',
      'succeeded',
    ]);
  });

  it('ends after too many tries', async () => {
    const one = await open();
    await one.change(`tries = ${schemas.checkoutTriesMax - 1}`);
    const token = await tokenOf(one.collecting, '4000000000000002');
    const last = await one.confirm({ try: schemas.checkoutTriesMax - 1, token });
    assert.equal(last.body.status, 'expired', last.text);
    assert.equal((await one.session()).status, 'expired');
    assert.equal((await collect(one.collecting)).body.code, 'checkout_session_over');
  });

  it('waits for an outcome that nobody knows, and charges nothing meanwhile', async () => {
    const one = await open();
    const cut = await one.confirm({
      try: 0,
      token: await tokenOf(one.collecting, '4000000000000309'),
    });
    assert.equal(cut.status, 200, cut.text);
    if (cut.body.processing) {
      assert.match(cut.body.return_url, /status=processing/);
      const [token] = await tokensOf(one.id, 1);
      const second = await one.confirm({ try: 1, token });
      assert.equal(second.body.code, 'checkout_session_state');
      const shut = await shop.post(`/v1/checkout_sessions/${one.id}/expire`);
      assert.equal(shut.body.code, 'checkout_session_state');
    }
    const done = await eventually(async () => {
      const view = await one.view();
      return view.status === 'complete' ? view : undefined;
    }, 'the outcome');
    assert.match(String(done.return_url), /status=succeeded/);
    assert.equal((await payments(one.id)).length, 1);
  });

  it('is ended by the merchant, or by time', async () => {
    const one = await open();
    const ended = await shop.post(`/v1/checkout_sessions/${one.id}/expire`);
    assert.equal(ended.body.status, 'expired', ended.text);
    assert.equal((await shop.post(`/v1/checkout_sessions/${one.id}/expire`)).status, 200);
    const two = await open();
    await two.change("expires_at = now() - interval '1 second'");
    assert.equal((await two.view()).status, 'expired');
    for (const { confirm, collecting } of [one, two]) {
      const refused = await confirm({ try: 0, token: await shop.tokenize() });
      assert.equal(refused.body.code, 'checkout_session_state');
      assert.equal((await collect(collecting)).body.code, 'checkout_session_over');
    }
    await eventually(async () => {
      const events = await db.query('SELECT type FROM events WHERE object_id = $1', [two.id]);
      return events.rows[0];
    }, 'the event');
    assert.equal((await two.session()).status, 'expired');
    await two.change("expires_at = now() - interval '25 hours'");
    assert.equal(
      ((await two.view()) as unknown as { code: string }).code,
      'invalid_checkout_secret',
    );
  });
});

describe('the secret of a session', () => {
  it('opens its own page and nothing else', async () => {
    const [one, two] = [await open(), await open()];
    const routes = inertRoutes().filter(({ permission }) =>
      Object.hasOwn(visitorPermissions, permission),
    );
    assert.equal(routes.length, 2);
    const wrong = `${one.secret.slice(0, -1)}${one.secret.endsWith('a') ? 'b' : 'a'}`;
    for (const { method, path } of routes) {
      const url = path.replace(':id', one.id);
      const keys = [undefined, 'nonsense', wrong, one.collecting, two.secret, shop.secret];
      for (const key of [...keys, shop.publishable]) {
        const body = method === 'POST' ? { body: { colour: 'red' } } : {};
        const answer = await shop.api.call(method, url, { ...(key && { key }), ...body });
        assert.equal(`${answer.status} ${answer.body.code}`, '401 invalid_checkout_secret');
      }
    }
    for (const path of [
      '/v1/payments',
      '/v1/checkout_sessions',
      `/v1/checkout_sessions/${one.id}`,
    ]) {
      assert.equal((await shop.api.get(path, one.secret)).body.code, 'invalid_api_key');
    }
  });

  it('is refused the same whether the session exists or not', async () => {
    const one = await open();
    const guess = async (id: string) => {
      const path = `/v1/checkout_sessions/${id}/page`;
      const { status, body } = await shop.api.get(
        path,
        formatCheckoutSecret('visit', 'test', id, 'A'.repeat(43)),
      );
      return { status, ...body, request_id: '' };
    };
    const there = await guess(one.id);
    assert.equal(there.code, 'invalid_checkout_secret');
    assert.deepEqual(await guess('cs_1111111111111111111111'), there);
  });

  it('creates tokens for its organization from the page`s origin only', async () => {
    const one = await open();
    const made = await collect(one.collecting);
    assert.equal(made.status, 201, made.text);
    assert.equal((await collect(one.secret)).body.code, 'invalid_checkout_secret');
    for (const origin of ['https://evil.example', 'null', 'http://localhost']) {
      const refused = await collect(one.collecting, undefined, { origin });
      assert.equal(refused.body.code, 'origin_not_allowed', refused.text);
    }
  });

  it('is not for the role that only reads', async () => {
    const url = databaseUrl(shop.cluster, 'payos_read', shop.databases.control);
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await assert.rejects(reader.query('SELECT hash FROM checkout_secrets'), /permission denied/);
    await reader.end();
  });
});

describe('what is asked for', () => {
  it('cannot be changed by whoever pays, nor by the server`s own role', async () => {
    const one = await open();
    const token = await tokenOf(one.collecting);
    for (const more of [
      { amount: 1 },
      { currency: 'JPY' },
      { reference: 'x' },
      { customer: 'cus_1111111111111111111111' },
      { save_for: 'x' },
    ]) {
      const refused = await one.confirm({ try: 0, token, ...more });
      assert.equal(refused.body.code, 'invalid_request', refused.text);
    }
    assert.equal((await one.confirm({ try: 0, token, save: true })).body.code, 'invalid_request');
    const url = databaseUrl(shop.cluster, 'payos_app', shop.databases.control);
    const app = new pg.Client({ connectionString: url });
    await app.connect();
    for (const column of ['amount', 'currency', 'return_url', 'cancel_url', 'saved_card_code']) {
      const sql = `UPDATE checkout_sessions SET ${column} = ${column}`;
      await assert.rejects(app.query(sql), /permission denied/, column);
    }
    await app.end();
  });

  it('is refused where a visitor must not be sent', async () => {
    for (const url of [
      'http://shop.example/',
      'javascript:alert(1)',
      'https://ada:secret@shop.example/',
      'data:text/html,x',
      '//shop.example',
      'https://shop.example/\u0001',
      'http://localhost.evil.example/',
    ]) {
      for (const name of ['return_url', 'cancel_url']) {
        const answer = await shop.post('/v1/checkout_sessions', { ...asked, [name]: url });
        assert.equal(answer.body.code, 'checkout_url_refused', `${url}: ${answer.text}`);
        assert.equal(answer.body.param, name);
      }
    }
    await open({ return_url: 'http://localhost:3000/thanks' });
    for (const more of [
      { reference: '4242424242424242' },
      { description: '4242 4242 4242 4242' },
      { return_url: 'https://shop.example/?a=4242424242424242' },
    ]) {
      const answer = await shop.post('/v1/checkout_sessions', { ...asked, ...more });
      assert.equal(answer.body.code, 'card_data_refused', answer.text);
    }
    for (const expires_in of [1, 299, 86_401]) {
      const answer = await shop.post('/v1/checkout_sessions', { ...asked, expires_in });
      assert.equal(answer.body.code, 'invalid_request');
    }
    const unsaved = await shop.post('/v1/checkout_sessions', {
      ...asked,
      save_payment_method: true,
    });
    assert.equal(unsaved.body.code, 'invalid_request');
  });

  it('is made once for one Idempotency-Key', async () => {
    const ask = () =>
      shop.api.call('POST', '/v1/checkout_sessions', {
        key: shop.secret,
        body: asked,
        headers: { 'idempotency-key': 'checkout-once' },
      });
    const [first, second] = [await ask(), await ask()];
    assert.equal(first.status, 201, first.text);
    assert.deepEqual(second.body, first.body);
    const stored = await db.query(
      "SELECT answer FROM idempotency_keys WHERE key = 'checkout-once'",
    );
    assert.ok(!stored.rows[0].answer.includes(first.body.url.slice(-30)));
  });

  it('is refused in live mode as payments are', async () => {
    const live = await shop.operator.mint(shop.organization, { mode: 'live' });
    const answer = await shop.api.post('/v1/checkout_sessions', live.key, asked);
    assert.equal(answer.body.code, 'live_mode_unavailable', answer.text);
  });
});

describe('a saved card', () => {
  it('is offered to its customer alone, and saved only where that was offered', async () => {
    const ada = (await shop.pay({ save_for: 'ada' })).body;
    const eve = (await shop.pay({ save_for: 'eve' })).body;
    const one = await open({ customer: ada.customer });
    const view = await one.view();
    assert.deepEqual(
      view.saved_cards.map(({ id }) => id),
      [ada.payment_method],
    );
    assert.ok(!JSON.stringify(view).includes('"bin"'));
    const foreign = await one.confirm({ try: 0, payment_method: eve.payment_method });
    assert.equal(foreign.body.code, 'not_found', foreign.text);
    const nobody = await (await open()).confirm({ try: 0, payment_method: ada.payment_method });
    assert.equal(nobody.body.code, 'not_found');
    assert.equal((await payments(one.id)).length, 0);
    const two = await open({ customer: ada.customer, save_payment_method: true });
    assert.equal((await two.view()).may_save, true);
    const token = await tokenOf(two.collecting, '5555555555554444');
    assert.equal((await two.confirm({ try: 0, token, save: true })).body.status, 'complete');
    const cards = await shop.get(`/v1/payment_methods?customer=${ada.customer}`);
    assert.equal(cards.body.data.length, 2);
  });

  it('is charged with its security code, unless the shop does without', async () => {
    const { customer, payment_method } = (await shop.pay({ save_for: 'kay' })).body;
    const one = await open({ customer });
    assert.equal((await one.view()).saved_card_code, 'required');
    const bare = await one.confirm({ try: 0, payment_method });
    assert.equal(bare.body.errors?.[0].pointer, '/cvc_token', bare.text);
    assert.deepEqual([(await one.session()).tries, await payments(one.id)], [0, []]);
    const cvc_token = await codeOf(one.collecting);
    const paid = await one.confirm({ try: 0, payment_method, cvc_token });
    assert.equal(paid.body.status, 'complete', paid.text);
    const two = await open({ customer });
    const again = await two.confirm({ try: 0, payment_method, cvc_token });
    assert.equal(again.body.code, 'cvc_token_expired', again.text);
    const three = await open({ customer, saved_card_code: 'off' });
    assert.equal((await three.confirm({ try: 0, payment_method })).body.status, 'complete');
  });
});

describe('what was typed on the page of a session', () => {
  const refusal = ({ status, body }: Awaited<ReturnType<SharedShop['pay']>>) => {
    const { request_id, ...rest } = body;
    return { status, ...rest };
  };
  const unknown = 'tok_1111111111111111111111';

  it('pays that session, and no other, nor does anything else pay it', async () => {
    const [one, two] = [await open(), await open()];
    const token = await tokenOf(one.collecting);
    const none = refusal(await two.confirm({ try: 0, token: unknown }));
    assert.equal(`${none.status} ${none.code}`, '404 not_found');
    assert.deepEqual(refusal(await two.confirm({ try: 0, token })), none);
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2031 };
    const body = { type: 'card', card };
    const ofServer = await shop.vault.call('POST', '/v1/tokens', { key: shop.secret, body });
    assert.equal(ofServer.status, 201, ofServer.text);
    for (const foreign of [ofServer.body.id, await shop.tokenize()]) {
      assert.deepEqual(refusal(await two.confirm({ try: 0, token: foreign })), none);
    }
    assert.deepEqual([await payments(two.id), (await two.session()).tries], [[], 0]);
    assert.equal((await one.confirm({ try: 0, token })).body.status, 'complete');
  });

  it('is good for nothing else in the hands of the shop`s own server', async () => {
    const one = await open();
    const token = await tokenOf(one.collecting);
    const none = refusal(await shop.pay({ token: unknown }));
    assert.equal(`${none.status} ${none.code}`, '404 not_found');
    for (const more of [{}, { save_for: 'ida' }]) {
      assert.deepEqual(refusal(await shop.pay({ token, ...more })), none);
    }
    assert.equal((await shop.get(`/v1/tokens/${token}`)).body.status, 'ready');
    assert.equal((await one.confirm({ try: 0, token })).body.status, 'complete');
  });

  it('serves its session alone where it is a security code', async () => {
    const { customer, payment_method } = (await shop.pay({ save_for: 'lea' })).body;
    const [one, two] = [await open({ customer }), await open({ customer })];
    const cvc_token = await codeOf(one.collecting);
    const ofPage = await codeOf(shop.publishable);
    for (const code of [cvc_token, ofPage]) {
      const refused = await two.confirm({ try: 0, payment_method, cvc_token: code });
      assert.equal(refused.body.code, 'cvc_token_expired', refused.text);
    }
    const charged = await shop.pay({ payment_method, cvc_token });
    assert.equal(charged.body.code, 'cvc_token_expired', charged.text);
    const paid = await one.confirm({ try: 0, payment_method, cvc_token });
    assert.equal(paid.body.status, 'complete', paid.text);
    assert.equal((await shop.pay({ payment_method, cvc_token: ofPage })).status, 201);
  });

  it('pays as before when it is from before that was written down', async () => {
    const [one, token] = [await open(), await shop.tokenize()];
    const other = await shop.tokenize();
    const forget = 'UPDATE tokens SET made_with = NULL WHERE id = ANY ($1)';
    await vaultDb.query(forget, [[token, other]]);
    assert.equal((await one.confirm({ try: 0, token })).body.status, 'complete');
    assert.equal((await shop.pay({ token: other })).status, 201);
  });
});

describe('the key that made a session', () => {
  it('has its caps held when it is made and when it is paid', async () => {
    const limit = { currency: 'EUR', per_payment: 2000, per_day: 3000 };
    const capped = await shop.operator.mint(shop.organization);
    await db.query('UPDATE api_keys SET amount_limits = $2 WHERE id = $1', [
      capped.id,
      JSON.stringify([limit]),
    ]);
    const much = { ...asked, amount: 2001 };
    const refused = await shop.api.post('/v1/checkout_sessions', capped.key, much);
    assert.equal(refused.body.code, 'key_amount_exceeded', refused.text);
    const [one, two] = [await open({}, capped.key), await open({}, capped.key)];
    assert.equal((await one.confirm({ try: 0, token: await tokenOf(one.collecting) })).status, 200);
    const over = await two.confirm({ try: 0, token: await tokenOf(two.collecting) });
    assert.equal(over.body.code, 'key_daily_amount_exceeded', over.text);
    assert.equal((await payments(two.id)).length, 0);
    assert.equal((await two.view()).try, 0);
  });

  it('takes its sessions with it when it is stopped', async () => {
    const key = await shop.operator.mint(shop.organization);
    const one = await open({}, key.key);
    await db.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [key.id]);
    assert.equal((await one.view()).status, 'expired');
    const refused = await one.confirm({ try: 0, token: await shop.tokenize() });
    assert.equal(refused.body.code, 'checkout_session_state');
    assert.equal((await collect(one.collecting)).body.code, 'checkout_session_over');
  });
});

describe('how an organization looks', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const send = async (body: object) => {
    const owner = { organization: shop.organization, roles: { test: null, live: 'owner' } };
    const person = await signedIn(shop.api, db, owner);
    return person.call('PATCH', '/v1/organization/branding', { body });
  };

  it('is shown on the page, and its logo served as the picture it is', async () => {
    const all = { accent: '#336699', support_url: 'https://shop.example/help' };
    const logo = png.toString('base64');
    const set = await send({ ...all, support_email: 'help@shop.example', logo });
    assert.equal(set.status, 200, set.text);
    const { merchant } = await (await open()).view();
    assert.deepEqual(merchant, {
      ...{ name: 'Shop', ...all, support_email: 'help@shop.example' },
      logo: set.body.logo,
    });
    const served = await shop.api.call('GET', set.body.logo, {});
    assert.equal(served.headers['content-type'], 'image/png');
    assert.equal(served.headers['x-content-type-options'], 'nosniff');
    assert.match(String(served.headers['content-security-policy']), /sandbox/);
    const less = await send({ logo: null });
    assert.deepEqual([less.body.logo, less.body.accent], [null, '#336699']);
    assert.equal((await shop.api.call('GET', set.body.logo, {})).status, 404);
  });

  it('is never what could run, or lead astray', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>';
    for (const bytes of [Buffer.from(svg), Buffer.from('GIF89a'), png.subarray(0, 7)]) {
      const answer = await send({ logo: bytes.toString('base64') });
      assert.equal(answer.body.code, 'logo_refused', answer.text);
    }
    const large = Buffer.concat([png, Buffer.alloc(schemas.logoBytesMax)]).toString('base64');
    for (const body of [
      { logo: large },
      { accent: 'red' },
      { accent: '#fff;}' },
      { support_url: 'javascript:alert(1)' },
      { support_url: 'http://shop.example' },
      { support_email: 'a@b?bcc=c@d' },
      {},
    ]) {
      assert.equal(
        (await send(body)).body.code,
        'invalid_request',
        JSON.stringify(body).slice(0, 60),
      );
    }
  });
});

describe('the shop of the guide', () => {
  it('sends to a page, and believes what PayOS says, not the address', async () => {
    const script = join(import.meta.dirname, '../../docs/examples/checkout-shop.mjs');
    const [port] = await freePorts(1);
    const env = {
      PAYOS_URL: apiUrl(),
      PAYOS_SECRET_KEY: shop.secret,
      CA_FILE: join(shop.cluster.certificates, 'ca.pem'),
      PORT: String(port),
    };
    const child = spawn(process.execPath, [script], { env });
    try {
      await once(child.stdout, 'data');
      const at = `http://localhost:${port}`;
      const bought = await fetch(`${at}/buy`, { method: 'POST', redirect: 'manual' });
      const url = new URL(bought.headers.get('location') ?? '');
      const [id = '', secret] = [url.pathname.split('/').at(-1), url.hash.slice(1)];
      const thanks = async () => {
        const query = `status=succeeded&checkout_session=${id}`;
        return (await fetch(`${at}/thanks?${query}`)).text();
      };
      assert.match(await thanks(), /Not paid/);
      const [token] = await tokensOf(id, 1);
      const body = { try: 0, token };
      const path = `/v1/checkout_sessions/${id}/confirm`;
      const paid = await shop.api.call('POST', path, { key: secret, body });
      assert.equal(paid.status, 200, paid.text);
      assert.match(await thanks(), /Paid: pay_/);
    } finally {
      child.kill();
    }
  });
});
