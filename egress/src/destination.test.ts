import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressGuard } from './address-guard.ts';
import { checkDestination, isBelow } from './destination.ts';

const closed = new AddressGuard([]);

const refused: [string, RegExp][] = [
  ['not a url', /not a valid URL/],
  ['https://', /not a valid URL/],
  ['https://shop.example/a b', /not a valid URL/],
  ['https://shop.example\\@10.0.0.1/', /not a valid URL/],
  ['\thttps://shop.example/', /not a valid URL/],
  ['http://shop.example/', /https/],
  ['ftp://shop.example/', /https/],
  ['javascript:alert(1)', /https/],
  ['https://user@shop.example/', /user name/],
  ['https://:pass@shop.example/', /user name/],
  ['https://@shop.example/', /user name/],
  ['https://shop.example/#x', /fragment/],
  ['https://shop.example/#', /fragment/],
  ['https://shop.example:25/', /Port 25/],
  ['https://shop.example:80/', /Port 80/],
  ['https://shop.example:6379/', /Port 6379/],
  ['https://shop.example:0/', /Port 0/],
  ['https://shop.example./', /dot/],
  ['https://localhost/', /private/],
  ['https://LOCALHOST:8443/', /private/],
  ['https://a.localhost/', /private/],
  ['https://127.0.0.1/', /private/],
  ['https://127.1/', /private/],
  ['https://2130706433/', /private/],
  ['https://0x7f.1/', /private/],
  ['https://0x7f000001/', /private/],
  ['https://0177.0.0.1/', /private/],
  ['https://127.0.0.1./', /private/],
  ['https://１２７.０.０.１/', /private/],
  ['https://0/', /private/],
  ['https://169.254.169.254/latest/meta-data', /private/],
  ['https://[::]/', /private/],
  ['https://[::1]/', /private/],
  ['https://[::ffff:127.0.0.1]/', /private/],
  ['https://[64:ff9b::a9fe:a9fe]/', /private/],
  ['https://[2002:a9fe:a9fe::1]/', /private/],
  ['https://[fd00:ec2::254]/', /private/],
];

describe('checkDestination', () => {
  for (const [url, why] of refused) {
    it(`refuses ${url}`, () => {
      const checked = checkDestination(url, closed);
      assert.equal(checked.ok, false);
      assert.match(checked.ok ? '' : checked.why, why);
    });
  }

  for (const url of [
    'https://shop.example/hooks?x=1',
    'https://shop.example:8443/',
    'https://shop.example:3000/',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]/',
    'https://bücher.example/',
  ]) {
    it(`takes ${url}`, () => assert.equal(checkDestination(url, closed).ok, true));
  }

  it('takes what the operator allows', () => {
    const open = new AddressGuard(['127.0.0.0/8']);
    for (const url of ['https://localhost:9443/', 'https://127.0.0.1:9443/', 'https://0x7f.1/']) {
      assert.equal(checkDestination(url, open).ok, true, url);
    }
    assert.equal(checkDestination('https://[::1]/', open).ok, false);
  });
});

describe('isBelow', () => {
  const base = new URL('https://club.example/v1/');
  const lies = (path: string) => isBelow(new URL(path, base), base);

  for (const path of ['/v1/', '/v1/members', '/v1/members;v=2?x=..;/', '/v1/a.b/..c/%20']) {
    it(`takes ${path}`, () => assert.ok(lies(path)));
  }
  for (const path of [
    ...['/v1', '/v2/', '/v1/../v2', '/v1/%2e%2e/v2', '/v1/%2e%2e%2fv2', '/v1/..%5cv2', '/v1//v2'],
    ...['/v1/..;/v2', '/v1/..;x=1/v2', '/v1/.;/v2', '/v1/%2e%2e;/v2', '/v1/%252e%252e/v2'],
  ]) {
    it(`refuses ${path}`, () => assert.ok(!lies(path)));
  }
});
