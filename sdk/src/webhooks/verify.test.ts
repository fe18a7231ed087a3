import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { sign, type VerifyOptions, verify, WebhookVerificationError } from './index.ts';

/** The published vector of Standard Webhooks. */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const { secret, id, timestamp, body, signature } = vector;
const whsec = (bytes: number, fill: number) =>
  `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;
const other = whsec(32, 7);
const headers = {
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signature,
};
const at = { now: timestamp };

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof WebhookVerificationError, String(error));
    assert.ok(!error.message.includes('MfKQ9r8G'), 'the message shows the secret');
    return error.reason;
  }
  return 'accepted';
}

const refuse = (
  reason: string,
  more: Record<string, string>,
  options: VerifyOptions = at,
  content: string | Uint8Array = body,
) =>
  assert.equal(
    reasonOf(() => verify(content, { ...headers, ...more }, secret, options)),
    reason,
  );

test('the published vector verifies, and sign makes the same headers', () => {
  assert.deepEqual(verify(body, headers, secret, at), { test: 2432232314 });
  assert.deepEqual(sign(body, { secret, id, timestamp }), headers);
  assert.deepEqual(sign(body, { secret, id, timestamp: new Date(timestamp * 1000) }), headers);
});

test('bodies as text, bytes, part of a larger buffer, and ArrayBuffer', () => {
  const bytes = new TextEncoder().encode(body);
  const large = new Uint8Array(100);
  large.set(bytes, 40);
  const part = large.subarray(40, 40 + bytes.byteLength);
  for (const form of [body, bytes, Buffer.from(body), part, bytes.buffer]) {
    assert.ok(verify(form, headers, secret, at));
  }
});

test('a parsed body is refused with the way out', () => {
  for (const parsed of [JSON.parse(body), [], null, 5]) {
    assert.equal(
      reasonOf(() => verify(parsed, headers, secret, at)),
      'body_not_raw',
    );
  }
  assert.throws(() => verify(JSON.parse(body), headers, secret, at), /Pass the raw body/);
});

test('anything changed is refused: body, id, time, signature', () => {
  refuse('signature_mismatch', {}, at, `${body} `);
  refuse('signature_mismatch', {}, at, body.replace('3', '4'));
  refuse('signature_mismatch', {}, at, '');
  refuse('signature_mismatch', { 'webhook-id': `${id}x` });
  refuse('signature_mismatch', { 'webhook-timestamp': String(timestamp + 1) });
  refuse('signature_mismatch', { 'webhook-timestamp': `0${timestamp}` });
  refuse('signature_mismatch', { 'webhook-signature': signature.replace('g0', 'g1') });
});

test('a dot cannot be moved from the body into the id', () => {
  const forged = { ...headers, 'webhook-id': `${id}.${timestamp}` };
  assert.equal(
    reasonOf(() => verify(body, forged, secret, at)),
    'invalid_id',
  );
  for (const bad of ['a b', 'a\tb', 'ä', 'x'.repeat(257)])
    refuse('invalid_id', { 'webhook-id': bad });
  assert.equal(
    reasonOf(() => sign(body, { secret, id: 'a.b' })),
    'invalid_id',
  );
});

test('time: five minutes both ways, at the edge and beyond', () => {
  for (const offset of [-300, 300]) {
    assert.ok(verify(body, headers, secret, { now: timestamp + offset }));
    assert.ok(verify(body, headers, secret, { now: new Date((timestamp + offset) * 1000) }));
  }
  refuse('timestamp_too_old', {}, { now: timestamp + 301 });
  refuse('timestamp_too_new', {}, { now: timestamp - 301 });
  refuse('timestamp_too_old', {}, {});
});

test('the tolerance can be narrower or wider, but not off', () => {
  refuse('timestamp_too_old', {}, { now: timestamp + 11, toleranceSeconds: 10 });
  assert.ok(verify(body, headers, secret, { now: timestamp + 600, toleranceSeconds: 600 }));
  for (const toleranceSeconds of [0, -1, Number.NaN, Infinity, 86_401]) {
    refuse('invalid_option', {}, { ...at, toleranceSeconds });
  }
  refuse('invalid_option', {}, { now: timestamp * 1000 });
  refuse('invalid_option', {}, { now: new Date(Number.NaN) });
});

test('times that are not plain seconds are refused, not read halfway', () => {
  const bad = [
    '+1',
    '-1',
    '1e9',
    '0x1',
    `${timestamp}abc`,
    `${timestamp}.5`,
    '1234567890123',
    ' 1',
  ];
  for (const value of bad) refuse('invalid_timestamp', { 'webhook-timestamp': value });
});

test('signatures with junk around them, of other versions or lengths do not count', () => {
  const junk = [
    `x${signature}`,
    `${signature}x`,
    `${signature}=`,
    signature.slice(0, -1),
    signature.replace('v1,', 'v1a,'),
    signature.replace('v1,', 'v2,'),
    signature.replace('v1,', 'V1,'),
    signature.replace('v1,', ''),
    signature.replace('v1,', 'v1='),
    'v1,',
    ' ',
    `v1,${'A'.repeat(43)}=`,
  ];
  for (const value of junk) refuse('signature_mismatch', { 'webhook-signature': value });
});

test('one right signature among others is enough, up to ten in all', () => {
  const wrong = sign(body, { secret: other, id, timestamp })['webhook-signature'];
  const list = (count: number) => [...Array(count - 1).fill(wrong), signature].join(' ');
  assert.ok(verify(body, { ...headers, 'webhook-signature': `v1a,xyz ${signature}` }, secret, at));
  assert.ok(verify(body, { ...headers, 'webhook-signature': list(10) }, secret, at));
  refuse('too_many_signatures', { 'webhook-signature': list(11) });
});

test('rolled secrets: any of ours matches any of theirs', () => {
  const both = sign(body, { secret: [other, secret], id, timestamp });
  assert.equal(both['webhook-signature'].split(' ').length, 2);
  assert.ok(verify(body, both, secret, at));
  assert.ok(verify(body, both, other, at));
  assert.ok(verify(body, headers, [other, secret], at));
  assert.equal(
    reasonOf(() => verify(body, headers, other, at)),
    'signature_mismatch',
  );
  assert.equal(
    reasonOf(() => verify(body, headers, [other, whsec(32, 8)], at)),
    'signature_mismatch',
  );
});

test('secrets are checked by the length of their bytes', () => {
  const bad = [
    '',
    'whsec_',
    'whsec_=',
    whsec(23, 1),
    whsec(65, 1),
    `${secret}\n`,
    ` ${secret}`,
    secret.slice('whsec_'.length),
    whsec(48, 0).slice('whsec_'.length),
    `${secret}!`,
    `whsk_${secret.slice('whsec_'.length)}`,
    secret.replace('9', '_'),
  ];
  for (const value of bad) {
    assert.equal(
      reasonOf(() => verify(body, headers, value, at)),
      'invalid_secret',
      value,
    );
    assert.equal(
      reasonOf(() => verify(body, headers, [secret, value], at)),
      'invalid_secret',
    );
    assert.equal(
      reasonOf(() => sign(body, { secret: value })),
      'invalid_secret',
      value,
    );
  }
  assert.throws(() => verify(body, headers, `${secret}\n`, at), /space or a line break/);
  assert.equal(
    reasonOf(() => verify(body, headers, [], at)),
    'invalid_secret',
  );
  const none = Reflect.get({}, 'secret');
  assert.equal(
    reasonOf(() => verify(body, headers, none, at)),
    'invalid_secret',
  );
  for (const bytes of [24, 64]) {
    const good = whsec(bytes, 1);
    assert.ok(verify(body, sign(body, { secret: good, id, timestamp }), good, at));
  }
});

test('an empty key signs nothing that verifies', () => {
  const mac = createHmac('sha256', '').update(`${id}.${timestamp}.${body}`).digest('base64');
  refuse('signature_mismatch', { 'webhook-signature': `v1,${mac}` });
});

test('headers in any form and case', () => {
  const upper = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  );
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const forms = [new Headers(headers), new Map(Object.entries(headers)), upper, lists];
  for (const form of forms) assert.ok(verify(body, form, secret, at));
});

test('headers that are missing or there twice are refused', () => {
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const) {
    const { [name]: value, ...rest } = headers;
    const reason = (form: Parameters<typeof verify>[1]) =>
      reasonOf(() => verify(body, form, secret, at));
    assert.equal(reason(rest), 'missing_header');
    assert.equal(reason({ ...rest, [name]: '' }), 'missing_header');
    assert.equal(reason({ ...rest, [name]: [] }), 'missing_header');
    assert.equal(reason({ ...rest, [name]: [value, value] }), 'duplicate_header');
    assert.equal(reason({ ...headers, [name.toUpperCase()]: value }), 'duplicate_header');
    assert.equal(reason({ ...rest, [name]: `${value}, ${value}` }), 'duplicate_header');
    const appended = new Headers(headers);
    appended.append(name, value);
    assert.equal(reason(appended), 'duplicate_header');
  }
  const inherited = Object.create(headers);
  assert.equal(
    reasonOf(() => verify(body, inherited, secret, at)),
    'missing_header',
  );
});

test('bytes that are not UTF-8 are signed as they are, not as a text decoder sees them', () => {
  const raw = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
  const signed = sign(raw, { secret, id, timestamp });
  const asText = raw.toString('utf8');
  assert.equal(
    reasonOf(() => verify(asText, signed, secret, at)),
    'signature_mismatch',
  );
  assert.equal(
    reasonOf(() => verify(raw, signed, secret, at)),
    'body_not_json',
  );
  const ofText = sign(asText, { secret, id, timestamp });
  assert.equal(
    reasonOf(() => verify(raw, ofText, secret, at)),
    'signature_mismatch',
  );
});

test('signed, but not an event', () => {
  for (const content of ['', 'null', '[]', '"text"', '{', '\ufeff{}']) {
    const signed = sign(content, { secret, id, timestamp });
    assert.equal(
      reasonOf(() => verify(content, signed, secret, at)),
      'body_not_json',
      content,
    );
  }
});

test('sign and verify agree by the clock, and each message has its own id', () => {
  const event = JSON.stringify({ type: 'payment.succeeded', data: { amount: 1999 } });
  const first = sign(event, { secret });
  const result = verify(event, first, secret);
  assert.equal(result.type === 'payment.succeeded' && result.data.amount, 1999);
  assert.notEqual(first['webhook-id'], sign(event, { secret })['webhook-id']);
});
