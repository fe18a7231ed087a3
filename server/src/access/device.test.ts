import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDevice } from './device.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const agents: Record<string, string> = {
  'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Chrome on Windows': `${windows} ${webkit} Chrome/153.0 Safari/537.36`,
  'Edge on Windows': `${windows} ${webkit} Chrome/153.0 Safari/537.36 Edg/153.0`,
  'Safari on iOS':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1',
  'Safari on macOS': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1',
  'Chrome on Android': `Mozilla/5.0 (Linux; Android 16; Pixel 9) ${webkit} Chrome/153.0 Safari/537`,
  curl: 'curl/8.9.1',
  'Unknown device': '<script>alert(1)</script>',
};

describe('the device of a session', () => {
  for (const [expected, agent] of Object.entries(agents)) {
    it(`is ${expected}`, () => assert.equal(describeDevice(agent), expected));
  }
  it('may be unknown', () => assert.equal(describeDevice(null), 'Unknown device'));
});
