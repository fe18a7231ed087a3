import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isId } from 'payos-contract';
import { goodCard, type Stage, setStage } from './stage.ts';
import { newApiKey, newOrganization } from './support.ts';

let stage: Stage;
before(async () => {
  stage = await setStage();
});
after(() => stage.close());

const rows = async (table: string) => {
  const [row] = await stage.ground.query(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n as number;
};

describe('POST /v1/tokens', () => {
  it('answers a token and never the number', async () => {
    const reply = await stage.post({ type: 'card', card: goodCard });
    assert.equal(reply.status, 201, reply.text);
    const { id, created_at, expires_at, ...rest } = reply.json;
    assert.ok(isId('token', id));
    assert.equal(Date.parse(expires_at) - Date.parse(created_at), 3_600_000);
    const face = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2040 };
    const card = { ...face, bin: '424242', funding: 'credit', country: 'US' };
    assert.deepEqual(rest, { object: 'token', mode: 'test', card, single_use: true });
    const publishable = { kind: 'publishable' };
    const key = stage.keyServer.addKey(stage.organization, 'test', 10_000, publishable);
    for (const idempotencyKey of ['shown-1', 'shown-1']) {
      const headers = { authorization: `Bearer ${key}`, 'idempotency-key': idempotencyKey };
      const inPage = await stage.post({ type: 'card', card: goodCard }, headers);
      assert.deepEqual(inPage.json.card, face, 'no more than stands on the card');
    }
    assert.doesNotMatch(reply.text, /4242424242424242|731|Lovelace/);
    assert.match(String(reply.headers['payos-request-id']), /^req_/);
    assert.match(String(reply.headers['strict-transport-security']), /max-age/);
    assert.equal(reply.headers['ratelimit-policy'], '"key";q=10000;w=1');
    assert.equal(reply.headers['payos-version'], '2026-11-23');
  });

  it('takes separators between groups', async () => {
    for (const number of ['4242 4242 4242 4242', '4242-4242-4242-4242']) {
      const reply = await stage.post({ type: 'card', card: { ...goodCard, number } });
      assert.equal(reply.status, 201, reply.text);
    }
  });

  it('keeps tokens apart that are stored together', async () => {
    const other = newOrganization();
    const headers = { authorization: `Bearer ${stage.keyServer.addKey(other)}` };
    const numbers = ['4242424242424242', '5555555555554444'];
    const asked = Array.from({ length: 60 }, (_, index) => {
      const card = { ...goodCard, number: numbers[index % 2] ?? '' };
      return stage.post({ type: 'card', card }, index % 3 === 0 ? headers : {});
    });
    const ids = (await Promise.all(asked)).map(({ json }) => json.id as string);
    const stored = await stage.ground.query(
      `SELECT t.id, t.organization_id, t.last4, encode(t.fingerprint, 'hex') AS fingerprint,
         (SELECT count(*)::int FROM cards c WHERE c.token_id = t.id) AS cards,
         (SELECT count(*)::int FROM audit_log a WHERE a.token_id = t.id
            AND a.organization_id = t.organization_id AND a.action = 'token.create') AS noted
       FROM tokens t WHERE t.id = ANY($1)`,
      [ids],
    );
    assert.equal(stored.length, 60);
    for (const row of stored) {
      const index = ids.indexOf(row.id);
      assert.equal(row.organization_id, index % 3 === 0 ? other : stage.organization);
      assert.equal(row.last4, numbers[index % 2]?.slice(-4));
      assert.deepEqual([row.cards, row.noted], [1, 1]);
    }
    // Two numbers of two organizations.
    assert.equal(new Set(stored.map(({ fingerprint }) => fingerprint)).size, 4);
  });

  it('takes only published test numbers in test mode, and stores nothing of others', async () => {
    const before = await rows('tokens');
    const number = '4000000000000010';
    const reply = await stage.post({ type: 'card', card: { ...goodCard, number } });
    assert.equal(reply.status, 422);
    assert.equal(reply.json.code, 'test_card_required');
    assert.equal(await rows('tokens'), before);
    assert.doesNotMatch(reply.text + stage.vault.output(), /4000000000000010/);
  });

  it('keeps live mode closed over a keyring file', async () => {
    const key = stage.keyServer.addKey(newOrganization(), 'live');
    const headers = { authorization: `Bearer ${key}` };
    const reply = await stage.post({ type: 'card', card: goodCard }, headers);
    assert.equal(reply.status, 403);
    assert.equal(reply.json.code, 'live_mode_unavailable');
  });
});

describe('bad input', () => {
  const card = goodCard;
  const cases: [string, unknown, number, string, string?][] = [
    ['no object', [], 400, 'invalid_request', ''],
    ['null', null, 400, 'invalid_request', ''],
    ['no card', { type: 'card' }, 400, 'invalid_request', '/card'],
    ['other type', { type: 'iban', card }, 400, 'invalid_request', '/type'],
    ['unknown field', { type: 'card', card, x: 1 }, 400, 'invalid_request', '/x'],
    ['too short', { type: 'card', card, expires_in: 59 }, 400, 'invalid_request', '/expires_in'],
    ['too long', { type: 'card', card, expires_in: 86_401 }, 400, 'invalid_request', '/expires_in'],
    ['half seconds', { type: 'card', card, expires_in: 90.5 }, 400, 'invalid_request'],
    ['single_use as text', { type: 'card', card, single_use: 'no' }, 400, 'invalid_request'],
    ['month as text', { type: 'card', card: { ...card, exp_month: '12' } }, 400, 'invalid_request'],
    ['number as number', { type: 'card', card: { ...card, number: 42 } }, 400, 'invalid_request'],
    ['month 13', { type: 'card', card: { ...card, exp_month: 13 } }, 422, 'invalid_card'],
    ['two-digit year', { type: 'card', card: { ...card, exp_year: 40 } }, 422, 'invalid_card'],
    ['past year', { type: 'card', card: { ...card, exp_year: 2020 } }, 422, 'card_expired'],
    [
      'mistyped',
      { type: 'card', card: { ...card, number: '4242424242424241' } },
      422,
      'invalid_card',
    ],
    ['four-digit code', { type: 'card', card: { ...card, cvc: '1234' } }, 422, 'invalid_card'],
    [
      'arabic digits',
      { type: 'card', card: { ...card, number: '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢' } },
      422,
      'invalid_card',
    ],
    ['number as name', { type: 'card', card: { ...card, name: card.number } }, 422, 'invalid_card'],
    ['malformed', '{"type":', 400, 'malformed_json'],
    ['duplicate key', '{"type":"card","type":"card"}', 400, 'duplicate_key'],
    ['NUL', '{"type":"card\\u0000"}', 400, 'invalid_text'],
    ['half a surrogate', '{"type":"\\ud800"}', 400, 'invalid_text'],
    ['broken UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalid_text'],
    ['prototype', '{"__proto__":{}}', 400, 'malformed_json'],
    ['deep', '['.repeat(40) + ']'.repeat(40), 400, 'too_deeply_nested'],
    ['empty', '', 400, 'malformed_json'],
    ['17 KiB', `"${'x'.repeat(17 * 1024)}"`, 413, 'body_too_large'],
    ['2 MiB', `"${'x'.repeat(2 * 1024 * 1024)}"`, 413, 'body_too_large'],
  ];
  for (const [name, body, status, code, pointer] of cases) {
    it(`is refused: ${name}`, async () => {
      const before = await rows('tokens');
      const reply = await stage.post(body);
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.json.code, code);
      assert.equal(reply.json.status, status);
      assert.equal(reply.headers['content-type'], 'application/problem+json');
      assert.doesNotMatch(reply.text, /4242424242424242|at \w+ \(|node:/);
      if (pointer !== undefined) assert.equal(reply.json.errors[0].pointer, pointer);
      assert.equal(await rows('tokens'), before);
    });
  }

  it('never repeats a name that could be a card', async () => {
    const reply = await stage.post({ type: 'card', card, 4242424242424242: 1 });
    assert.equal(reply.status, 400);
    assert.doesNotMatch(reply.text, /4242424242424242/);
    const twice = await stage.post('{"4242424242424242":1,"4242424242424242":1}');
    assert.equal(twice.json.code, 'duplicate_key');
    assert.doesNotMatch(twice.text, /4242424242424242/);
  });

  it('names every wrong field at once', async () => {
    const reply = await stage.post({
      type: 'card',
      card: { number: '1', exp_month: 0, exp_year: 1, cvc: 'x', name: '' },
    });
    const pointers = reply.json.errors.map((error: { pointer: string }) => error.pointer).sort();
    const fields = ['/card/cvc', '/card/exp_month', '/card/exp_year', '/card/name', '/card/number'];
    assert.deepEqual(pointers, fields);
  });

  it('wants JSON and says so', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
      const reply = await stage.post({}, { 'content-type': type });
      assert.equal(reply.status, 415, type);
    }
    const utf8 = { 'content-type': 'application/json; charset=utf-8' };
    assert.equal((await stage.post({ type: 'card', card }, utf8)).status, 201);
    assert.equal((await stage.post({}, { 'content-encoding': 'gzip' })).status, 415);
  });

  it('knows its paths, methods and versions', async () => {
    assert.equal((await stage.get('/v1/nothing')).json.code, 'route_not_found');
    assert.equal((await stage.get('/constructor')).json.code, 'route_not_found');
    const wrong = await stage.get('/v1/tokens');
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.allow, 'POST, OPTIONS');
    assert.equal((await stage.get(`/${'x'.repeat(3000)}`)).status, 414);
    assert.equal((await stage.post({}, {}, '/v1/tokens?number=1')).json.code, 'invalid_request');
    const version = { 'payos-version': '1999-01-01' };
    assert.equal((await stage.post({}, version)).json.code, 'invalid_version');
    assert.equal((await stage.post({}, { expect: 'miracles' })).status, 400);
    assert.equal((await stage.get('/livez')).json.status, 'live');
    assert.equal((await stage.get('/readyz')).json.status, 'ready');
  });
});

describe('credentials', () => {
  const send = (authorization: string | string[]) => stage.post({}, { authorization });

  it('are needed, and junk is refused without asking anybody', async () => {
    const asked = stage.keyServer.asked.length;
    const none = await stage.get('/v1/tokens', 'POST');
    assert.equal(none.json.code, 'missing_api_key');
    assert.match(String(none.headers['www-authenticate']), /^Bearer/);
    for (const junk of ['Bearer x', 'Basic abc', `Bearer ${stage.key}x`, 'Bearer']) {
      assert.equal((await send(junk)).json.code, 'invalid_api_key', junk);
    }
    const swapped = stage.key.slice(0, -1) + (stage.key.endsWith('0') ? '1' : '0');
    assert.equal((await send(`Bearer ${swapped}`)).json.code, 'invalid_api_key');
    assert.equal(stage.keyServer.asked.length, asked);
  });

  it('are the control plane’s to judge', async () => {
    const key = newApiKey();
    assert.equal((await send(`Bearer ${key}`)).json.code, 'invalid_api_key');
    const refusals = { revoked_api_key: 401, permission_denied: 403 };
    for (const [code, status] of Object.entries(refusals)) {
      stage.keyServer.keys.set(key, { status, body: { code, detail: 'secret detail' } });
      const reply = await send(`Bearer ${key}`);
      assert.equal(reply.status, status);
      assert.equal(reply.json.code, code);
      assert.doesNotMatch(reply.text, /secret detail/);
    }
    for (const body of [{}, { code: 'internal_error' }, { organization: 'x' }]) {
      stage.keyServer.keys.set(key, { status: 200, body });
      assert.equal((await send(`Bearer ${key}`)).json.code, 'unavailable');
    }
  });

  it('have a rate of their own', async () => {
    const key = stage.keyServer.addKey(newOrganization(), 'test', 2);
    const replies = [];
    for (let count = 0; count < 6; count += 1) replies.push(await send(`Bearer ${key}`));
    const limited = replies.filter(({ status }) => status === 429);
    assert.ok(limited.length > 0);
    assert.equal(limited[0]?.headers['retry-after'], '1');
    assert.equal(limited[0]?.headers.ratelimit?.toString().startsWith('"key";r=0'), true);
  });
});

describe('an Idempotency-Key', () => {
  const body = { type: 'card', card: goodCard };

  it('gives the same token again, whatever the security code', async () => {
    const headers = { 'idempotency-key': 'first' };
    const one = await stage.post(body, headers);
    const two = await stage.post({ ...body, card: { ...goodCard, cvc: '999' } }, headers);
    assert.equal(one.status, 201);
    assert.equal(one.headers['idempotency-replayed'], undefined);
    assert.equal(two.headers['idempotency-replayed'], 'true');
    assert.equal(two.text, one.text);
  });

  it('is refused for another card', async () => {
    const headers = { 'idempotency-key': 'second' };
    await stage.post(body, headers);
    const other = { ...body, card: { ...goodCard, number: '5555555555554444' } };
    const reply = await stage.post(other, headers);
    assert.equal(reply.status, 422);
    assert.equal(reply.json.code, 'idempotency_mismatch');
  });

  it('makes one token of many requests at once', async () => {
    const before = await rows('tokens');
    const headers = { 'idempotency-key': 'third' };
    const replies = await Promise.all(Array.from({ length: 30 }, () => stage.post(body, headers)));
    assert.equal(new Set(replies.map(({ text }) => text)).size, 1, replies[0]?.text);
    assert.equal(await rows('tokens'), before + 1);
  });

  it('belongs to one organization and mode', async () => {
    const headers = { 'idempotency-key': 'fourth' };
    const one = await stage.post(body, headers);
    const authorization = `Bearer ${stage.keyServer.addKey(newOrganization())}`;
    const two = await stage.post(body, { ...headers, authorization });
    assert.equal(two.status, 201);
    assert.notEqual(two.json.id, one.json.id);
  });

  it('of a page or a checkout session stands in the way of nobody else', async () => {
    const origins = { allowed_origins: ['https://shop.example'] };
    const holders = [
      { kind: 'publishable', ...origins },
      { kind: 'checkout_session', key: `cs_${'1'.repeat(22)}`, ...origins },
      { kind: 'checkout_session', key: `cs_${'2'.repeat(22)}`, ...origins },
      { kind: 'secret' },
    ];
    const numbers = ['4242424242424242', '5555555555554444', '4000056655665556', '378282246310005'];
    const made: string[] = [];
    for (const [index, more] of holders.entries()) {
      const key = stage.keyServer.addKey(stage.organization, 'test', 10_000, more);
      const headers = {
        'idempotency-key': 'order-1001',
        authorization: `Bearer ${key}`,
        ...(more.kind === 'secret' ? {} : { origin: 'https://shop.example' }),
      };
      const card = { number: numbers[index], exp_month: 12, exp_year: 2040 };
      const one = await stage.post({ ...body, card }, headers);
      assert.equal(one.status, 201, one.text);
      assert.equal(one.headers['idempotency-replayed'], undefined);
      const two = await stage.post({ ...body, card }, headers);
      assert.deepEqual([two.headers['idempotency-replayed'], two.text], ['true', one.text]);
      made.push(one.json.id);
    }
    assert.equal(new Set(made).size, holders.length);
    const again = { 'idempotency-key': 'order-1001' };
    const card = { number: numbers[3], exp_month: 12, exp_year: 2040 };
    // Another secret key of the organization: a shop may change its key between two attempts.
    assert.equal((await stage.post({ ...body, card }, again)).json.id, made[3]);
    for (const prefix of ['publishable ', 'publishable\u00a0']) {
      const forged = { 'idempotency-key': `${prefix}order-1001` };
      assert.equal((await stage.post(body, forged)).json.code, 'invalid_idempotency_key');
    }
  });

  it('can be used again after a day', async () => {
    const headers = { 'idempotency-key': 'fifth' };
    const one = await stage.post(body, headers);
    await stage.ground.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'fifth'`,
    );
    const two = await stage.post(body, headers);
    assert.equal(two.status, 201);
    assert.notEqual(two.json.id, one.json.id);
  });

  it('is 1 to 255 visible characters, once', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256), 'é', ['a', 'b']]) {
      const reply = await stage.post(body, { 'idempotency-key': key });
      assert.equal(reply.json.code, 'invalid_idempotency_key', String(key));
    }
  });

  it('is made of no card number, by itself or beside words', async () => {
    for (const key of ['4242424242424242', 'order-4242424242424242', 'pay_4242-4242-4242-4242:x']) {
      const reply = await stage.post(body, { 'idempotency-key': key });
      assert.equal(reply.json.code, 'card_data_refused', key);
    }
    for (const key of ['order-1763905200000', 'a4242b4242c4242d4242', 'order-4242424242424241']) {
      assert.equal((await stage.post(body, { 'idempotency-key': key })).status, 201, key);
    }
  });
});
