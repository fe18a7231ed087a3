import type { RequestParts } from './signature-base.ts';

/** The example messages, keys and signatures of RFC 9421: §4.3 and appendix B. */

const contentDigest = [
  'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdV',
  'LvRwEmTHWXvJwew==:',
].join('');

/** B.2: `test-request`. */
export const request: RequestParts = {
  method: 'POST',
  authority: 'example.com',
  target: '/foo?param=Value&Pet=dog',
  fields: {
    host: ['example.com'],
    date: ['Tue, 20 Apr 2021 02:07:55 GMT'],
    'content-type': ['application/json'],
    'content-digest': [contentDigest],
    'content-length': ['18'],
  },
};
export const requestBody = '{"hello": "world"}';

/** B.2: `test-response`. */
export const response = {
  status: '200',
  fields: {
    date: ['Tue, 20 Apr 2021 02:07:56 GMT'],
    'content-type': ['application/json'],
    'content-digest': [
      [
        'sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0r',
        'jJuahq4l5aGgfLQ==:',
      ].join(''),
    ],
    'content-length': ['23'],
  },
};
export const responseBody = '{"message": "good dog"}';

/** §4.3: the same request, on its way from a proxy. */
export const proxied: RequestParts = {
  ...request,
  authority: 'origin.host.internal.example',
  fields: { ...request.fields, forwarded: ['for=192.0.2.123;host=example.com;proto=https'] },
};

/** B.3: a proxy that ends TLS and passes the client's certificate on. */
export const behindProxy: RequestParts = {
  ...request,
  authority: 'service.internal.example',
  fields: {
    'client-cert': [
      [
        ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGU',
        'xGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzN',
        'aMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWal',
        'RhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAI',
        'wADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAw',
        'wCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEU',
        'CIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydB',
        'VoU4hBVZ1yhk=:',
      ].join(''),
    ],
  },
};

/** B.4: the same signature holds whatever happens to what it does not cover. */
export const transformed: RequestParts = {
  method: 'GET',
  authority: 'example.org',
  target: '/demo?name1=Value1&Name2=value2',
  fields: { accept: ['application/json', '*/*'] },
};

/** B.1. */
export const keys = {
  'test-key-rsa': `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----`,
  'test-key-rsa-pss': `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`,
  'test-key-ecc-p256': `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----`,
  'test-key-ed25519': `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`,
};
/** B.1.5, base64. */
export const sharedSecret =
  'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==';

export const signatures = {
  b21: {
    input: '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    signature: [
      'd2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it+',
      '+wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2',
      'cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvt',
      'l6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bL',
      'hdxO5Nyt8C8ssinQ98Xw9Q==',
    ].join(''),
  },
  b22: {
    input: [
      '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;key',
      'id="test-key-rsa-pss";tag="header-example"',
    ].join(''),
    signature: [
      'LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDf',
      'KtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TR',
      'JQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiK',
      'Yd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUE',
      'b0rQl3/XaVe4bXTugEjHSw==',
    ].join(''),
  },
  b23: {
    input: [
      '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" ',
      '"content-length");created=1618884473;keyid="test-key-rsa-pss"',
    ].join(''),
    signature: [
      'bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeG',
      't683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/y',
      'PViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldml',
      'u9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAF',
      'L2FUo5fTIztsDZKEgM4cUA==',
    ].join(''),
  },
  b24: {
    input: [
      '("@status" "content-type" "content-digest" "content-length");created=1618884473;',
      'keyid="test-key-ecc-p256"',
    ].join(''),
    signature: [
      'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+3',
      '2oiasw==',
    ].join(''),
  },
  b25: {
    input: [
      '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secre',
      't"',
    ].join(''),
    signature: 'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
  },
  b26: {
    input: [
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=',
      '1618884473;keyid="test-key-ed25519"',
    ].join(''),
    signature: [
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WP',
      'pBKRCw==',
    ].join(''),
  },
  ttrp: {
    input: [
      '("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid',
      '="test-key-ecc-p256"',
    ].join(''),
    signature: [
      'xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwML',
      'Ogmizw==',
    ].join(''),
  },
  transform: {
    input: [
      '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed2',
      '5519"',
    ].join(''),
    signature: [
      'ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0p',
      'mj3NDA==',
    ].join(''),
  },
  proxy: {
    input: [
      '("@method" "@authority" "@path" "content-digest" "content-type" "content-length"',
      ' "forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expi',
      'res=1618884540',
    ].join(''),
    signature: [
      'S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtR',
      'Pz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVca',
      'sqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnn',
      'rtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6Wf',
      'gS9ddzirrswsE1w5o0LV/g==',
    ].join(''),
  },
};
