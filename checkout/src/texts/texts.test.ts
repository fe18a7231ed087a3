import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage } from './texts.ts';

test('the page speaks the first language of the visitor that it knows', () => {
  const chosen = (...wanted: string[]) => {
    const { locale, direction } = chooseLanguage(wanted);
    return [locale, direction];
  };
  assert.deepEqual(chosen('nl', 'de-AT', 'en'), ['de-AT', 'ltr']);
  assert.deepEqual(chosen('ar-EG'), ['ar-EG', 'rtl']);
  assert.deepEqual(chosen('tlh', 'constructor'), ['en', 'ltr']);
  assert.deepEqual(chosen('en-US@posix'), ['en', 'ltr'], 'what no browser could format');
});
