import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeReturn } from '../src/app/return-path.ts';

test('after signing in one comes back to where one was', () => {
  for (const path of ['/', '/payments', '/payments/pay_1?tab=2#x', '/invitation#token=abc']) {
    assert.equal(safeReturn(path), path);
  }
});

test('an open redirect is not possible: what is no path of the dashboard leads home', () => {
  const attempts = [
    null,
    '',
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\/evil.example',
    '/%2f/../..//evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    ' https://evil.example',
    'payments',
    '/sign-in?return=/sign-in',
  ];
  for (const text of attempts) {
    const path = safeReturn(text);
    const url = new URL(path, 'https://dashboard.example');
    assert.equal(url.origin, 'https://dashboard.example', String(text));
    assert.doesNotMatch(path, /^\/[/\\]/, String(text));
  }
  assert.equal(safeReturn('//evil.example'), '/');
  assert.equal(safeReturn('/sign-in?return=/sign-in'), '/');
});
