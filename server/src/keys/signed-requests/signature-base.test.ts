import assert from 'node:assert/strict';
import { constants, createHmac, createPublicKey, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { digestMatches, parseContentDigest } from './content-digest.ts';
import * as vectors from './rfc-9421-vectors.ts';
import { componentsOf, type RequestParts, signatureBase, type ValueOf } from './signature-base.ts';
import { parseSignature, parseSignatureInput } from './signature-fields.ts';

type Check = (base: Buffer, signature: Buffer) => boolean;

const rsa = createPublicKey(vectors.keys['test-key-rsa']);
const rsaPss = createPublicKey(vectors.keys['test-key-rsa-pss']);
const p256 = createPublicKey(vectors.keys['test-key-ecc-p256']);
const ed25519 = createPublicKey(vectors.keys['test-key-ed25519']);

/** The algorithms of RFC 9421 §3.3. */
const byRsaPss: Check = (base, signature) => {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify('sha512', base, { key: rsaPss, padding, saltLength: 64 }, signature);
};
const byRsa: Check = (base, signature) => verify('sha256', base, rsa, signature);
const byP256: Check = (base, signature) =>
  verify('sha256', base, { key: p256, dsaEncoding: 'ieee-p1363' }, signature);
const byEd25519: Check = (base, signature) => verify(null, base, ed25519, signature);
const byHmac: Check = (base, signature) => {
  const secret = Buffer.from(vectors.sharedSecret, 'base64');
  return createHmac('sha256', secret).update(base).digest().equals(signature);
};

/** A response has a status instead of what a request has. */
const ofResponse: ValueOf = (component) =>
  component.name === '@status'
    ? vectors.response.status
    : ofRequest({ fields: vectors.response.fields })(component);
const ofRequest = (other: Partial<RequestParts> = {}) =>
  componentsOf({ ...vectors.request, ...other });

const cases: [string, keyof typeof vectors.signatures, ValueOf, Check][] = [
  ['B.2.1 minimal, rsa-pss-sha512', 'b21', ofRequest(), byRsaPss],
  ['B.2.2 selective, rsa-pss-sha512', 'b22', ofRequest(), byRsaPss],
  ['B.2.3 full coverage, rsa-pss-sha512', 'b23', ofRequest(), byRsaPss],
  ['B.2.4 response, ecdsa-p256-sha256', 'b24', ofResponse, byP256],
  ['B.2.5 hmac-sha256', 'b25', ofRequest(), byHmac],
  ['B.2.6 ed25519', 'b26', ofRequest(), byEd25519],
  ['B.3 behind a proxy that ends TLS', 'ttrp', componentsOf(vectors.behindProxy), byP256],
  ['B.4 field of several lines', 'transform', componentsOf(vectors.transformed), byEd25519],
  ['§4.3 rsa-v1_5-sha256', 'proxy', componentsOf(vectors.proxied), byRsa],
];

describe('the signatures of RFC 9421', () => {
  for (const [name, label, valueIn, check] of cases) {
    it(`verify: ${name}`, () => {
      const { input, signature } = vectors.signatures[label];
      const parsed = parseSignatureInput(`sig-${label}=${input}`);
      const bytes = parseSignature(`sig-${label}=:${signature}:`, parsed.label);
      const base = Buffer.from(signatureBase(parsed, valueIn));
      assert.equal(check(base, bytes), true, base.toString());
      for (const at of [0, Math.floor(base.length / 2), base.length - 1]) {
        const altered = Buffer.from(base);
        altered.writeUInt8((altered[at] ?? 0) ^ 1, at);
        assert.equal(check(altered, bytes), false);
      }
    });
  }

  it('hold for the changes of B.4 that they do not cover, and for no other', () => {
    const { input, signature } = vectors.signatures.transform;
    const parsed = parseSignatureInput(`transform=${input}`);
    const bytes = Buffer.from(signature, 'base64');
    const verifies = (other: Partial<RequestParts>) => {
      const base = signatureBase(parsed, componentsOf({ ...vectors.transformed, ...other }));
      return byEd25519(Buffer.from(base), bytes);
    };
    const accept = ['application/json', '*/*'];
    assert.equal(verifies({ target: '/demo?name1=Value1&Name2=value2&param=added' }), true);
    assert.equal(verifies({ fields: { 'accept-language': ['en-US'], accept } }), true);
    assert.equal(verifies({ fields: { accept: ['application/json, */*'] } }), true);
    assert.equal(verifies({ method: 'POST' }), false);
    assert.equal(verifies({ authority: 'example.com' }), false);
    assert.equal(verifies({ fields: { accept: ['*/*', 'application/json'] } }), false);
  });
});

describe('a component', () => {
  const target = '/path?param=value&foo=bar&baz=bat%2Dman';
  const valueOfId = (id: string, request: Partial<RequestParts> = { target }) => {
    const [component] = parseSignatureInput(`a=(${id});created=1`).components;
    assert.ok(component);
    return ofRequest(request)(component);
  };

  it('derived from the request has the value of RFC 9421 §2.2', () => {
    assert.equal(valueOfId('"@method"'), 'POST');
    assert.equal(valueOfId('"@target-uri"'), `https://example.com${target}`);
    assert.equal(valueOfId('"@authority"'), 'example.com');
    assert.equal(valueOfId('"@scheme"'), 'https');
    assert.equal(valueOfId('"@request-target"'), target);
    assert.equal(valueOfId('"@path"'), '/path');
    assert.equal(valueOfId('"@query"'), '?param=value&foo=bar&baz=bat%2Dman');
    assert.equal(valueOfId('"@query"', { target: '/path' }), '?');
    assert.equal(valueOfId('"@query"', { target: '/path?a?b' }), '?a?b');
  });

  it('that is a query parameter is encoded anew (§2.2.8)', () => {
    const request = {
      target: [
        '/parameters?var=this%20is%20a%20big%0Amultiline%20value',
        'bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&qux=&twice=1&twice=2',
      ].join('&'),
    };
    const parameter = (name: string) => valueOfId(`"@query-param";name="${name}"`, request);
    assert.equal(parameter('var'), 'this%20is%20a%20big%0Amultiline%20value');
    assert.equal(parameter('bar'), 'with%20plus%20whitespace');
    assert.equal(parameter('fa%C3%A7ade%22%3A%20'), 'something');
    assert.equal(parameter('qux'), '');
    assert.equal(parameter('none'), undefined);
    assert.throws(() => parameter('twice'), /occurs twice/);
  });

  it('that is unknown, absent or not plain text is refused', () => {
    const base = (id: string, fields: RequestParts['fields'] = {}) =>
      signatureBase(parseSignatureInput(`a=(${id});created=1`), ofRequest({ fields }));
    assert.throws(() => base('"@status"'), /not a component of a request that is known/);
    assert.throws(() => base('"@constructor"'), /not a component of a request that is known/);
    assert.throws(() => base('"@query-param"'), /not a component of a request that is known/);
    assert.throws(() => base('"@method";name="a"'), /only "@query-param" has a name/);
    assert.throws(() => base('"x-none"'), /which the request lacks/);
    assert.throws(() => base('"@query-param";name="none"'), /which the request lacks/);
    assert.throws(() => base('"x-a"', { 'x-a': ['caf\u00e9'] }), /cannot be signed/);
    assert.throws(() => base('"x-a"', { 'x-a': ['1\n"@method": GET'] }), /cannot be signed/);
  });

  it('of several lines is one value, and its blanks at either end do not count (§2.1)', () => {
    const fields = { 'x-obs': ['  one', 'two  '], 'x-empty': [''] };
    assert.equal(valueOfId('"x-obs"', { fields }), 'one, two');
    assert.equal(valueOfId('"x-empty"', { fields }), '');
  });
});

describe('Content-Digest', () => {
  const [field = ''] = vectors.request.fields['content-digest'] ?? [];
  const matches = (value: string, body: string) =>
    digestMatches(parseContentDigest(value), Buffer.from(body));

  it('of RFC 9421 B.2 and RFC 9530 B.1 fits its body and no other', () => {
    assert.equal(matches(field, vectors.requestBody), true);
    assert.equal(matches(field, `${vectors.requestBody} `), false);
    const [ofResponseBody = ''] = vectors.response.fields['content-digest'];
    assert.equal(matches(ofResponseBody, vectors.responseBody), true);
    const sha256 = 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:';
    assert.equal(matches(sha256, '{"hello": "world"}\n'), true);
    assert.equal(matches(sha256, '{"hello": "world"}'), false);
  });

  it('of both kinds must fit both ways', () => {
    const sha256 = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:';
    assert.equal(matches(`${sha256}, ${field}`, vectors.requestBody), true);
    const wrong = sha256.replace('X48', 'Y48');
    assert.equal(matches(`${wrong}, ${field}`, vectors.requestBody), false);
    assert.equal(matches(`${field}, ${wrong}`, vectors.requestBody), false);
  });

  it('of another form or a weak algorithm is refused', () => {
    for (const value of [
      '',
      'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:',
      'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE:',
      'sha-256=:X48E:',
      'sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=',
      `${field}, ${field}`,
      `${field},md5=:1B2M2Y8AsgTpgAmY7PhCfg==:`,
      `${field}, md5=:1B2M2Y8AsgTpgAmY7PhCfg==:`,
      `${field}, ${field}, ${field}, ${field}`,
    ]) {
      assert.throws(() => parseContentDigest(value), /Content-Digest must be/, value);
    }
  });
});
