import assert from 'node:assert/strict';
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { ApiError } from '../../core/errors.ts';
import { isSignedBy, readSignedRequest, requireSignedBody } from './read-signed-request.ts';

const keyId = 'key_11111111111111111111AA';
const nowMs = 1_795_456_800_500;
const now = Math.floor(nowMs / 1000);
const authority = 'pay.shop.example';
const pair = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');

const body = Buffer.from('{"amount":1999,"currency":"EUR"}');
const digestOf = (bytes: Buffer | string) =>
  `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
const digest = digestOf(body);
const defaults = {
  method: 'POST',
  url: '/v1/payments?a=1',
  headers: {
    host: [authority],
    'content-type': ['application/json'],
    'content-digest': [digest],
    'idempotency-key': ['order-1'],
    'payos-version': ['2026-11-23'],
    'user-agent': ['test'],
  } as Record<string, string[]>,
};
const covered = [
  '"@method"',
  '"@target-uri"',
  '"content-type"',
  '"content-digest"',
  '"idempotency-key"',
  '"payos-version"',
];
const values: Record<string, string> = {
  '"@method"': 'POST',
  '"@target-uri"': `https://${authority}/v1/payments?a=1`,
  '"content-type"': 'application/json',
  '"content-digest"': digest,
  '"idempotency-key"': 'order-1',
  '"payos-version"': '2026-11-23',
};
const parameters = {
  created: String(now),
  keyid: `"${keyId}"`,
  nonce: '"0123456789abcdef"',
  alg: '"ed25519"' as string | undefined,
};

type Signing = {
  components?: readonly string[];
  params?: Record<string, string | undefined>;
  privateKey?: typeof pair.privateKey;
  label?: string;
};

/** Headers of a request that is signed with a signer of its own, apart from the product's. */
function signed({ components = covered, params = parameters, ...rest }: Signing = {}) {
  const { privateKey = pair.privateKey, label = 'sig1' } = rest;
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  const tail = given.map(([name, value]) => `;${name}=${value}`).join('');
  const text = `(${components.join(' ')})${tail}`;
  const lines = components.map((id) => `${id}: ${values[id] ?? 'x'}`);
  const base = [...lines, `"@signature-params": ${text}`].join('\n');
  const signature = sign(null, Buffer.from(base), privateKey).toString('base64');
  return { 'signature-input': [`${label}=${text}`], signature: [`${label}=:${signature}:`] };
}

type Other = { method?: string; url?: string; headers?: Record<string, string[] | undefined> };

function read(headers: Record<string, string[]>, other: Other = {}, at = nowMs) {
  const all = { ...defaults.headers, ...headers, ...other.headers };
  const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value));
  const { method = defaults.method, url = defaults.url } = other;
  return readSignedRequest(
    { method, url, headersDistinct: present as NodeJS.Dict<string[]> },
    { authority, nowMs: at },
  );
}

function refusal(act: () => unknown): string {
  let error: unknown;
  try {
    act();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof ApiError, `not refused: ${String(error)}`);
  assert.equal(error.code, 'invalid_signature');
  return error.message;
}

describe('a signed request', () => {
  it('is read, and verifies under its own key only', () => {
    const request = read(signed());
    assert.equal(request.keyId, keyId);
    assert.equal(request.nonce, '0123456789abcdef');
    assert.equal(request.created, now);
    assert.equal(isSignedBy(request, pair.publicKey), true);
    assert.equal(isSignedBy(request, stranger.publicKey), false);
    requireSignedBody(request, body);
  });

  it('may leave alg out, and cover more than it must', () => {
    const request = read(
      signed({
        params: { ...parameters, alg: undefined, expires: String(now + 30), tag: '"payos"' },
        components: [...covered, '"user-agent"'],
      }),
      { headers: { 'user-agent': ['x'] } },
    );
    assert.equal(isSignedBy(request, pair.publicKey), true);
  });

  it('does not verify after anything it covers was altered', () => {
    const alterations: Other[] = [
      { method: 'PATCH' },
      { url: '/v1/payments?a=2' },
      { url: '/v1/payments' },
      { url: '/v1/refunds?a=1' },
      { headers: { 'idempotency-key': ['order-2'] } },
      { headers: { 'payos-version': ['2026-11-24'] } },
      { headers: { 'content-type': ['application/json; charset=utf-8'] } },
      { headers: { 'content-type': ['application/json', 'text/plain'] } },
      { headers: { 'content-digest': [digestOf('{}')] } },
    ];
    for (const other of alterations) {
      assert.equal(isSignedBy(read(signed(), other), pair.publicKey), false, JSON.stringify(other));
    }
  });

  it('is refused when a header that matters is added or taken away', () => {
    const without = (id: string) => covered.filter((other) => other !== id);
    const mode = { headers: { 'payos-mode': ['live'] } };
    assert.match(
      refusal(() => read(signed(), mode)),
      /must cover "payos-mode"/,
    );
    for (const id of covered) {
      const why = refusal(() => read(signed({ components: without(id) })));
      assert.match(why, new RegExp(`must cover ${id}`));
    }
    const gone = { headers: { 'idempotency-key': undefined } };
    assert.match(
      refusal(() => read(signed(), gone)),
      /which the request lacks/,
    );
  });
});

describe('the body', () => {
  const empty = Buffer.alloc(0);

  it('must be the one that was signed', () => {
    const request = read(signed());
    assert.match(
      refusal(() => requireSignedBody(request, Buffer.from('{}'))),
      /is not the one/,
    );
    assert.match(
      refusal(() => requireSignedBody(request, empty)),
      /is not the one/,
    );
  });

  it('may be missing only when none was signed', () => {
    const components = covered.filter((id) => id !== '"content-digest"');
    const headers = { 'content-digest': undefined };
    const request = read(signed({ components }), { headers });
    requireSignedBody(request, empty);
    assert.match(
      refusal(() => requireSignedBody(request, body)),
      /covers no "content-digest"/,
    );
  });
});

describe('a signature that is refused whoever made it', () => {
  const refused: [string, RegExp, Signing][] = [
    ['alg hmac', /`alg` must be/, { params: { ...parameters, alg: '"hmac-sha256"' } }],
    ['alg rsa', /`alg` must be/, { params: { ...parameters, alg: '"rsa-pss-sha512"' } }],
    ['alg in upper case', /`alg` must be/, { params: { ...parameters, alg: '"Ed25519"' } }],
    ['no keyid', /`keyid` must be/, { params: { ...parameters, keyid: undefined } }],
    ['keyid of another form', /`keyid` must be/, { params: { ...parameters, keyid: '"a"' } }],
    ['no nonce', /`nonce` must be/, { params: { ...parameters, nonce: undefined } }],
    ['short nonce', /`nonce` must be/, { params: { ...parameters, nonce: '"0123456789abcde"' } }],
    ['long nonce', /`nonce` must be/, { params: { ...parameters, nonce: `"${'a'.repeat(65)}"` } }],
    [
      'nonce of blanks',
      /`nonce` must be/,
      { params: { ...parameters, nonce: `"${' '.repeat(20)}"` } },
    ],
    ['no created', /`created` is missing/, { params: { ...parameters, created: undefined } }],
    ['created as text', /created must be a number/, { params: { ...parameters, created: '"1"' } }],
    ['expired', /expired at/, { params: { ...parameters, expires: String(now) } }],
    ['unknown parameter', /`x`, which means nothing/, { params: { ...parameters, x: '"1"' } }],
    ['keyid as number', /keyid must be a text/, { params: { ...parameters, keyid: '1' } }],
    ['covered twice', /covers `"@method"` twice/, { components: [...covered, '"@method"'] }],
    ['unknown component', /not a component/, { components: [...covered, '"@status"'] }],
    ['upper case', /in lower case/, { components: [...covered, '"Content-Type"'] }],
    ['component with sf', /canonical form/, { components: [...covered, '"host";sf'] }],
    ['component with bs', /canonical form/, { components: [...covered, '"host";bs'] }],
    ['component with req', /canonical form/, { components: [...covered, '"@method";req'] }],
    ['label in upper case', /canonical form/, { label: 'Sig' }],
    [
      'too many components',
      /more than 50/,
      { components: [...covered, ...Array.from({ length: 60 }, (_, index) => `"x-${index}"`)] },
    ],
  ];
  for (const [name, why, signing] of refused) {
    it(name, () => {
      const headers = Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`x-${index}`, ['x']]),
      );
      assert.match(
        refusal(() => read(signed(signing), { headers })),
        why,
      );
    });
  }

  it('created more than a minute away, on either side', () => {
    const at = (created: number) =>
      read(signed({ params: { ...parameters, created: String(created) } }));
    assert.match(
      refusal(() => at(now - 60)),
      /at most 60 seconds from now/,
    );
    assert.match(
      refusal(() => at(now + 61)),
      /at most 60 seconds from now/,
    );
    for (const created of [now - 59, now + 60]) {
      assert.equal(isSignedBy(at(created), pair.publicKey), true);
    }
  });

  it('a parameter twice', () => {
    const { 'signature-input': [input = ''] = [], signature } = signed();
    for (const [name, more] of [
      ['created', `;created=${now}`],
      ['nonce', ';nonce="fedcba9876543210"'],
    ]) {
      const twice = { 'signature-input': [`${input}${more}`], signature };
      assert.match(
        refusal(() => read(twice)),
        new RegExp(`has ${name} twice`),
      );
    }
  });

  it('two of them, in one header or two', () => {
    const [one, two] = [signed(), signed({ label: 'sig2' })];
    const [input, other] = [one['signature-input'][0], two['signature-input'][0]];
    const together = { ...one, 'signature-input': [`${input}, ${other}`] };
    assert.match(
      refusal(() => read(together)),
      /more than one signature/,
    );
    const apart = { ...one, 'signature-input': [`${input}`, `${other}`] };
    assert.match(
      refusal(() => read(apart)),
      /must have one Signature-Input header/,
    );
    const twoSignatures = { ...one, signature: [...one.signature, ...two.signature] };
    assert.match(
      refusal(() => read(twoSignatures)),
      /must have one Signature header/,
    );
    const inOne = { ...one, signature: [`${one.signature}, ${two.signature}`] };
    assert.match(
      refusal(() => read(inOne)),
      /Signature must be in the canonical form/,
    );
  });

  it('another label, no input, no signature', () => {
    const request = signed();
    const other = { ...request, signature: signed({ label: 'sig2' }).signature };
    assert.match(
      refusal(() => read(other)),
      /different labels/,
    );
    const noInput = { headers: { 'signature-input': undefined } };
    assert.match(
      refusal(() => read(request, noInput)),
      /must have one Signature-Input header/,
    );
    const noSignature = { headers: { signature: undefined } };
    assert.match(
      refusal(() => read(request, noSignature)),
      /must have one Signature header/,
    );
  });

  it('another form of either header', () => {
    const { 'signature-input': [input = ''] = [], signature } = signed();
    const inputs = [
      '',
      'sig1',
      input.replace('=(', '= ('),
      input.replace('" "', '"  "'),
      input.replace(';created', '; created'),
      input.replace('("', '( "'),
      ` ${input}`,
      `${input} `,
      `${input};a`,
      `${input}\t`,
      input.replace(String(now), `-${now}`),
      input.replace(String(now), `${now}.0`),
      input.replace(String(now), '1'.repeat(16)),
    ];
    for (const field of inputs) {
      const why = refusal(() => read({ 'signature-input': [field], signature }));
      assert.match(why, /canonical form/, field);
    }
    const [given = ''] = signature;
    // The last digit before the padding has four bits that say nothing.
    const [, last = ''] = /(.)==:$/.exec(given) ?? [];
    const next = String.fromCharCode(last.charCodeAt(0) + 1);
    const other = given.replace(/.==:$/, `${next}==:`);
    for (const field of ['', 'sig1=abc', 'sig1=:abc:', 'sig1=::', 'sig1=:YQ==', other]) {
      const why = refusal(() => read({ 'signature-input': [input], signature: [field] }));
      assert.match(why, /canonical form/, field);
    }
    for (const length of [32, 63, 65, 256]) {
      const field = `sig1=:${Buffer.alloc(length).toString('base64')}:`;
      const why = refusal(() => read({ 'signature-input': [input], signature: [field] }));
      assert.match(why, /has 64 bytes/);
    }
  });

  it('of more than 8 KB', () => {
    const { 'signature-input': [input = ''] = [], signature } = signed();
    const long = { 'signature-input': [`${input};tag="${'a'.repeat(8192)}"`], signature };
    assert.match(
      refusal(() => read(long)),
      /longer than 8192/,
    );
    const longSignature = { 'signature-input': [input], signature: [`sig1=:${'A'.repeat(8192)}:`] };
    assert.match(
      refusal(() => read(longSignature)),
      /longer than 8192/,
    );
  });

  it('for another host, or one that is not clear', () => {
    const at = (host: string[] | undefined) => () => read(signed(), { headers: { host } });
    for (const host of ['other.example', 'pay.shop.example:8443', 'pay.shop.example.', '']) {
      assert.match(refusal(at([host])), /for another host/, host);
    }
    assert.match(refusal(at([authority, authority])), /must have one Host header/);
    assert.match(refusal(at(undefined)), /must have one Host header/);
    assert.match(
      refusal(() => read(signed(), { url: 'https://a/' })),
      /not a whole URL/,
    );
    for (const host of ['PAY.shop.example', 'pay.shop.example:443']) {
      const request = read(signed(), { headers: { host: [host] } });
      assert.equal(isSignedBy(request, pair.publicKey), true);
    }
  });
});

describe('a public key is no secret', () => {
  it('HMAC with it under any alg is not a signature', () => {
    const raw = pair.publicKey.export({ format: 'der', type: 'spki' });
    for (const secret of [raw, raw.subarray(-32)]) {
      const request = read(signed());
      const mac = createHmac('sha512', secret).update(request.base).digest();
      assert.equal(isSignedBy({ ...request, signature: mac }, pair.publicKey), false);
    }
  });

  it('a signature of zeros, or of S beyond the order, does not verify', () => {
    const request = read(signed());
    const zeros = { ...request, signature: Buffer.alloc(64) };
    assert.equal(isSignedBy(zeros, pair.publicKey), false);
    // S + L is the same number modulo L, and refused by RFC 8032 §5.1.7.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(request.signature.subarray(32)).reverse().toString('hex')}`);
    const more = Buffer.from((s + order).toString(16).padStart(64, '0'), 'hex').reverse();
    const malleable = Buffer.concat([request.signature.subarray(0, 32), more]);
    assert.equal(isSignedBy({ ...request, signature: malleable }, pair.publicKey), false);
  });
});
