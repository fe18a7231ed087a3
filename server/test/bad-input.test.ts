import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { openSharedShop, type SharedShop } from './shop.ts';

let shop: SharedShop;
before(async () => {
  shop = await openSharedShop();
});
after(async () => shop?.stop());

const json = (raw: string | Buffer, headers: Record<string, string> = {}) =>
  shop.api.call('POST', '/v1/customers', { key: shop.secret, raw, headers });

const bodies: [string, string | Buffer, number, string][] = [
  ['half a value', '{"name":', 400, 'malformed_json'],
  ['a comment', '{"name":"a"} // hm', 400, 'malformed_json'],
  ['a duplicate key', '{"name":"a","name":"b"}', 400, 'duplicate_key'],
  ['an escaped duplicate key', '{"name":"a","na\\u006de":"b"}', 400, 'duplicate_key'],
  ['a polluting key', '{"__proto__":{"name":"a"}}', 400, 'malformed_json'],
  ['a constructor key', '{"constructor":{"prototype":{}}}', 400, 'invalid_request'],
  ['deep nesting', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400, 'too_deeply_nested'],
  ['a NUL', '{"name":"a\\u0000b"}', 400, 'invalid_text'],
  ['a lone surrogate', '{"name":"\\ud800"}', 400, 'invalid_text'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'invalid_text'],
  ['an array', '[]', 400, 'invalid_request'],
  ['null', 'null', 400, 'invalid_request'],
  ['a number', '7', 400, 'invalid_request'],
  ['a text', '"name"', 400, 'invalid_request'],
  ['a number for a text', '{"name":7}', 400, 'invalid_request'],
  ['null for a text', '{"name":null}', 400, 'invalid_request'],
  ['an unknown field', '{"nane":"a"}', 400, 'invalid_request'],
  ['an empty text', '{"name":""}', 400, 'invalid_request'],
  ['a long text', JSON.stringify({ name: 'a'.repeat(201) }), 400, 'invalid_request'],
  ['51 metadata keys', JSON.stringify({ metadata: numbered(51) }), 400, 'invalid_request'],
  ['nested metadata', '{"metadata":{"a":{"b":"c"}}}', 400, 'invalid_request'],
  ['an e-mail without @', '{"email":"ada"}', 400, 'invalid_request'],
  ['a huge body', JSON.stringify({ name: 'a'.repeat(70_000) }), 413, 'body_too_large'],
];

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
}

describe('a body that is', () => {
  for (const [what, raw, status, code] of bodies) {
    it(`${what} is refused`, async () => {
      const answer = await json(raw);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.body.code, code);
      assert.match(answer.body.request_id, /^req_/);
      assert.equal(answer.headers['payos-request-id'], answer.body.request_id);
      assert.ok(!answer.text.includes('    at '), 'no stack trace');
    });
  }

  it('stored nothing', async () => {
    const { body } = await shop.get('/v1/customers');
    assert.deepEqual(body.data, []);
  });

  it('of another media type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', '']) {
      const answer = await json('{"name":"a"}', { 'content-type': type });
      assert.equal(answer.status, 415, `${type}: ${answer.text}`);
    }
    const padded = await json('{"name":"a"}', { 'content-type': ' application/json' });
    assert.ok(padded.status < 500);
  });

  it('names each wrong place with a pointer', async () => {
    const body = { amount: '10', currency: 'EURO', metadata: { a: 1 }, colour: 'red' };
    const answer = await shop.post('/v1/payments', body);
    const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer).sort();
    assert.deepEqual(pointers, ['/amount', '/colour', '/currency', '/metadata/a']);
    assert.match(answer.body.errors[0].message, /`\w+`/);
  });
});

describe('an amount', () => {
  for (const amount of ['0', '-1', '1.5', '1e15', '9007199254740993', '1000000000000', 'true']) {
    it(`of ${amount} is refused`, async () => {
      const raw = `{"amount":${amount},"currency":"EUR","token":"tok_1111111111111111111111"}`;
      const headers = { 'idempotency-key': `amount ${amount}`.replaceAll(' ', '-') };
      const answer = await shop.api.call('POST', '/v1/payments', {
        key: shop.secret,
        raw,
        headers,
      });
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.body.errors[0].pointer, '/amount');
    });
  }
});

describe('a card number in a text field', () => {
  const texts = [
    '4242424242424242',
    'card 4242 4242 4242 4242 thanks',
    '4242-4242-4242-4242',
    '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
    '４２４２４２４２４２４２４２４２',
    '378282246310005',
  ];
  for (const text of texts) {
    it(`is refused: ${text.length} characters`, async () => {
      for (const body of [{ name: text }, { metadata: { note: text } }, { reference: text }]) {
        const answer = await shop.post('/v1/customers', body);
        assert.equal(answer.status, 422, answer.text);
        assert.equal(answer.body.code, 'card_data_refused');
        assert.ok(!answer.text.includes(text), 'the answer does not repeat it');
      }
    });
  }

  it('is not seen where there is none', async () => {
    for (const reference of ['4242424242424241', 'order 1234567890', '2026-11-23T10:00:00.000Z']) {
      const answer = await shop.post('/v1/customers', { reference });
      assert.equal(answer.status, 201, answer.text);
    }
  });
});

describe('a request line', () => {
  it('to nowhere is a 404, with the wrong method a 405', async () => {
    const nowhere = await shop.get('/v1/nowhere');
    assert.equal(nowhere.body.code, 'route_not_found');
    const wrong = await shop.api.call('PUT', '/v1/payments', { key: shop.secret, body: {} });
    assert.equal(wrong.status, 405);
    assert.match(String(wrong.headers['allow']), /POST/);
  });

  it('with broken escapes, control characters or odd ids is a clear 4xx', async () => {
    for (const path of [
      '/v1/payments/%00',
      '/v1/payments/%zz',
      '/v1/payments/pay_%F0%9F%92%A9',
      `/v1/payments/${'x'.repeat(5000)}`,
      '/v1/payments/..%2f..%2fmetrics',
      '/v1//payments',
      '/v1/payments?limit=abc',
      '/v1/payments?limit=101',
      '/v1/payments?limit=1&limit=2',
      '/v1/payments?after=%00',
      '/v1/payments?colour=red',
      '/v1/payments?created_after=yesterday',
      '/v1/payments?after=a&before=b',
      "/v1/payments?status='%20OR%201=1",
    ]) {
      const answer = await shop.get(path);
      assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.text}`);
      assert.ok(answer.body.code, `${path}: ${answer.text}`);
    }
  });

  it('with a version that never was is refused', async () => {
    const headers = { 'payos-version': '1999-01-01' };
    const answer = await shop.api.call('GET', '/v1/payments', { key: shop.secret, headers });
    assert.equal(answer.body.code, 'invalid_version');
    assert.equal(answer.headers['payos-version'], '2026-11-23');
  });
});

describe('the port', () => {
  const talk = (text: string, tls: boolean, patienceMs = 500): Promise<string> =>
    new Promise((resolve, reject) => {
      const port = shop.ports.api;
      const socket = tls
        ? connectTls({ port, host: 'localhost', ca: shop.ca, servername: 'localhost' })
        : connectTcp({ port, host: '127.0.0.1' });
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      socket.write(text);
      if (tls) setTimeout(() => socket.end(), patienceMs).unref();
    });

  it('refuses plain HTTP clearly, without a redirect', async () => {
    const answer = await talk(
      'GET /v1/payments HTTP/1.1\r\nHost: localhost\r\n' +
        `Authorization: Bearer ${shop.secret}\r\n\r\n`,
      false,
    );
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /"code":"plain_http"/);
    assert.doesNotMatch(answer, /^location:/im);
    assert.ok(!shop.processes.server.log().includes(shop.secret));
  });

  it('answers what is no HTTP with a 400', async () => {
    assert.match(await talk('\0\0\0\r\n\r\n', true), /"code":"malformed_http"/);
    const twice =
      'POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    assert.match(await talk(twice, true), /^HTTP\/1\.1 400/);
    const header = `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`;
    assert.match(await talk(header, true), /"code":"headers_too_large"/);
  });

  it('ends a body that does not come', async () => {
    const head =
      'POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n' +
      `Authorization: Bearer ${shop.secret}\r\nContent-Length: 100\r\n\r\n{"name":`;
    const answer = await talk(head, true, 30_000);
    assert.match(answer, /^HTTP\/1\.1 408 Request Timeout/);
    assert.match(answer, /"code":"request_timeout"/);
  });

  it('refuses TLS below 1.2', async () => {
    const version = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    const options = { ...version, ciphers: 'DEFAULT@SECLEVEL=0', ca: shop.ca };
    await assert.rejects(
      new Promise((resolve, reject) => {
        const socket = connectTls({ ...options, port: shop.ports.api, host: 'localhost' });
        socket.on('secureConnect', resolve);
        socket.on('error', reject);
      }),
    );
  });

  it('sends HSTS and the other security headers on every answer', async () => {
    for (const path of ['/', '/livez', '/v1/payments', '/v1/nowhere']) {
      const { headers } = await shop.api.get(path);
      assert.match(String(headers['strict-transport-security']), /max-age=\d{8}/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(String(headers['payos-request-id']), /^req_/);
    }
  });
});
