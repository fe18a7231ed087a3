import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSharedShop, openShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
before(async () => {
  shop = await openSharedShop();
});
after(async () => shop?.stop());

const list = (key: string) => shop.api.get('/v1/payments', key);

describe('an API key', () => {
  it('is stored only as a keyed hash', async () => {
    const control = await shop.connect('control');
    try {
      const { rows } = await control.query('SELECT a::text AS line FROM api_keys a');
      const secretPart = shop.secret.slice(27, 50);
      assert.ok(rows.length >= 2);
      assert.ok(rows.every((row) => !row.line.includes(secretPart)));
      const { rows: notes } = await control.query('SELECT l::text AS line FROM audit_log l');
      const { rows: events } = await control.query('SELECT e::text AS line FROM events e');
      for (const row of [...notes, ...events]) assert.ok(!row.line.includes(secretPart), row.line);
    } finally {
      await control.end();
    }
    assert.ok(!shop.processes.server.log().includes(shop.secret.slice(27, 50)));
  });

  it('is dead at once when it is revoked, and the record stays', async () => {
    const { key, id } = await shop.operator.mint(shop.organization);
    assert.equal((await list(key)).status, 200);
    await shop.operator.revoke(id);
    const refused = await list(key);
    assert.equal(refused.status, 401);
    assert.equal(refused.body.code, 'revoked_api_key');
    const { data } = await shop.operator.call('GET', '/operator/api_keys');
    const kept = (data as { id: string; revoked_at: string | null }[]).find((one) => one.id === id);
    assert.ok(kept?.revoked_at);
  });

  it('that was revoked makes no tokens', async () => {
    const { key, id } = await shop.operator.mint(shop.organization, { kind: 'publishable' });
    const body = {
      type: 'card',
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2031 },
    };
    const tokenize = () => shop.vault.call('POST', '/v1/tokens', { key, body });
    assert.equal((await tokenize()).status, 201);
    await shop.operator.revoke(id);
    const refused = await tokenize();
    assert.equal(refused.status, 401);
    assert.equal(refused.body.code, 'revoked_api_key');
  });

  it('with one character changed is nobody`s, whichever character it is', async () => {
    for (let at = 0; at < shop.secret.length; at += 1) {
      const other = shop.secret[at] === 'x' ? 'y' : 'x';
      const changed = shop.secret.slice(0, at) + other + shop.secret.slice(at + 1);
      const answer = await list(changed);
      assert.equal(answer.body.code, 'invalid_api_key', `position ${at}`);
    }
  });

  it('well-formed but unknown, or known with a wrong secret, gets the same answer', async () => {
    const { formatApiKey } = await import('payos-contract');
    const unknown = formatApiKey('secret', 'test', 'A'.repeat(12), 'B'.repeat(32));
    const known = formatApiKey('secret', 'test', shop.secret.slice(14, 26), 'B'.repeat(32));
    const [first, second] = [await list(unknown), await list(known)];
    const strip = (body: object) => ({ ...body, request_id: '' });
    assert.equal(first.body.code, 'invalid_api_key');
    assert.deepEqual(strip(second.body), strip(first.body));
  });

  it('of the other mode or kind with a valid checksum is refused', async () => {
    const { formatApiKey } = await import('payos-contract');
    const [publicId, secret] = [shop.secret.slice(14, 26), shop.secret.slice(26, 58)];
    for (const forged of [
      formatApiKey('secret', 'live', publicId, secret),
      formatApiKey('publishable', 'test', publicId, secret),
    ]) {
      assert.equal((await list(forged)).body.code, 'invalid_api_key');
    }
  });

  it('is taken from one Authorization header and nowhere else', async () => {
    const { api, secret } = shop;
    const odd = [`Basic ${secret}`, `Bearer  ${secret}`, `Bearer ${secret} x`, 'Bearer ', secret];
    for (const authorization of odd) {
      const answer = await api.call('GET', '/v1/payments', { headers: { authorization } });
      assert.equal(answer.status, 401, authorization.slice(0, 12));
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/);
    }
    const inQuery = await api.get(`/v1/payments?api_key=${secret}`);
    assert.equal(inQuery.body.code, 'key_in_url');
  });

  it('gets rate-limit headers, and a 429 that says when to come back', async () => {
    const { key } = await shop.operator.mint(shop.organization, { rate_limit: 5 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => list(key)));
    const ok = answers.filter((answer) => answer.status === 200);
    assert.ok(ok.length >= 5 && ok.length <= 7, `${ok.length} of 12`);
    assert.equal(ok[0]?.headers['ratelimit-policy'], '"default";q=5;w=1');
    assert.match(String(ok[0]?.headers['ratelimit']), /^"default";r=\d+;t=\d+$/);
    const refused = answers.find((answer) => answer.status === 429);
    assert.equal(refused?.body.code, 'rate_limited');
    assert.match(String(refused?.headers['retry-after']), /^[1-9]\d*$/);
    assert.equal(refused?.body.retryable, true);
  });

  it('for browsers cannot be minted with more than a browser may do', async () => {
    const mint = shop.operator.mint(shop.organization, {
      kind: 'publishable',
      permissions: ['payments:write'],
    });
    await assert.rejects(mint, /lies in the open/);
  });
});

describe('an address that guesses keys', () => {
  it('is slowed down, and a genuine key from the same address is not', async () => {
    const { formatApiKey } = await import('payos-contract');
    const guessed = await openShop({
      start: ['server'],
      settings: { PAYOS_RATE_LIMIT_ADDRESS: '3' },
    });
    try {
      assert.equal((await guessed.get('/v1/payments')).status, 200);
      const codes: string[] = [];
      for (let count = 0; count < 10; count += 1) {
        const publicId = String(count).padStart(12, 'A');
        const guess = formatApiKey('secret', 'test', publicId, 'B'.repeat(32));
        codes.push((await guessed.api.get('/v1/payments', guess)).body.code);
      }
      assert.equal(codes[0], 'invalid_api_key');
      assert.ok(codes.includes('rate_limited'), codes.join());
      assert.equal((await guessed.get('/v1/payments')).status, 200);
    } finally {
      await guessed.stop();
    }
  });
});
