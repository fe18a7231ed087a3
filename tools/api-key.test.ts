import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { type ApiKeyKind, base62FromBytes, formatApiKey, parseApiKey } from 'payos-contract';
import { parseApiKey as parseInSdk } from 'payos-sdk';
import { root, runScript } from './program.ts';

/** The SDK imports nothing of ours, so it has its own copy of what an API key is. */
test('the SDK reads an API key exactly as the server does', () => {
  const kinds: ApiKeyKind[] = ['secret', 'publishable'];
  for (const kind of kinds) {
    for (const mode of ['test', 'live'] as const) {
      const text = base62FromBytes(randomBytes(128), 44);
      const key = formatApiKey(kind, mode, text.slice(0, 12), text.slice(12));
      assert.equal(parseInSdk(key)?.kind, kind);
      const changed = Array.from(key, (character, at) =>
        [' ', '0', 'z', '_', 'é', ''].map(
          (other) => key.slice(0, at) + (other === character ? '1' : other) + key.slice(at + 1),
        ),
      );
      const longer = key + base62(crc32(key));
      for (const one of [key, `${key}\n`, ` ${key}`, key + key, longer, ...changed.flat()]) {
        assert.deepEqual(parseInSdk(one), parseApiKey(one), 'they read it differently');
      }
    }
  }
});

function base62(number: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const places = [5, 4, 3, 2, 1, 0].map((place) => Math.floor(number / 62 ** place) % 62);
  return places.map((place) => digits.charAt(place)).join('');
}

test('there is no key in this repository', async (t) => {
  if (!existsSync(join(root, '.git'))) return t.skip('this is no clone');
  const parameters = ['keys', 'check-leak', '--tracked', '--publishable'];
  const { code, output } = await runScript(join(root, 'cli/src/main.ts'), parameters);
  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /could not read/);
  assert.ok(Number(/Searched (\d+) files/.exec(output)?.[1]) > 500, output);
});
