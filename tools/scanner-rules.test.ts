import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { madeKey, madeWebhookSecret } from '../cli/test/made-keys.ts';
import { root } from './program.ts';

/** What a scanner does with one rule of ours, as far as it decides what is found. */
type ScannerRule = { regex: RegExp; keyword?: string | undefined; entropy?: number };

const read = (name: string) => readFileSync(join(root, 'docs/scanning', name), 'utf8');

/** A rule of each file, in the order live key, test key, webhook secret. */
const files: Record<string, ScannerRule[]> = {
  'gitleaks.toml': parts(read('gitleaks.toml').split('[[rules]]'), /^regex = '''(.*)'''$/m),
  'trufflehog.yaml': parts(read('trufflehog.yaml').split('- name:'), /^ {6}\w+: '(.*)'$/m),
  'secretlintrc.json': JSON.parse(read('secretlintrc.json')).rules[0].options.patterns.map(
    ({ patterns: [pattern] }: { patterns: string[] }) => ({
      regex: new RegExp(/^\/(.*)\/g$/.exec(pattern ?? '')?.[1] ?? 'not found'),
    }),
  ),
  'github-custom-patterns.txt': read('github-custom-patterns.txt')
    .split('Pattern name:')
    .slice(1)
    .map((text) => {
      const [before, format, after] = ['Before secret', 'Secret format', 'After secret'].map(
        (name) => new RegExp(`^${name}: +(.*)$`, 'm').exec(text)?.[1],
      );
      const whole = `(?:${before})(?:${format})(?:${after})`;
      return { regex: new RegExp(whole.replace('\\A', '^').replace('\\z', '$')) };
    }),
};

function parts(texts: readonly string[], pattern: RegExp): ScannerRule[] {
  return texts.slice(1).map((text) => ({
    regex: new RegExp(pattern.exec(text)?.[1] ?? 'not found'),
    keyword: /(?:keywords = \["|keywords:\n {6}- )([^"\n]+)/.exec(text)?.[1] ?? 'not found',
    entropy: Number(/entropy(?: =|:) ([\d.]+)/.exec(text)?.[1]),
  }));
}

/** Keyword in any case, then the pattern, then Shannon entropy: what gitleaks and TruffleHog do. */
function finds({ regex, keyword = '', entropy = 0 }: ScannerRule, text: string): boolean {
  if (!text.toLowerCase().includes(keyword)) return false;
  const match = regex.exec(text)?.[0];
  return match !== undefined && entropyOf(match) > entropy;
}

function entropyOf(text: string): number {
  const counts = Map.groupBy(text, (character) => character).values();
  const shares = [...counts].map((same) => same.length / text.length);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
}

const makers = [
  () => madeKey('secret', 'live'),
  () => madeKey('secret', 'test'),
  madeWebhookSecret,
] as const;
const repeated = (text: string) => text.repeat(50).slice(0, 50);

for (const [name, rules] of Object.entries(files)) {
  describe(name, () => {
    test('each rule finds its own kind of secret, and nothing else', () => {
      assert.equal(rules.length, makers.length);
      for (let round = 0; round < 200; round += 1) {
        const secrets = makers.map((make) => make());
        for (const around of [
          ['', ''],
          ['KEY="', '"'],
          ['a=', '\n'],
          ['Bearer ', ','],
          ['\n', '\\n'],
        ]) {
          const texts = secrets.map((secret) => around.join(secret));
          const found = rules.map((rule) => texts.map((text) => finds(rule, text)));
          assert.deepEqual(found, [
            [true, false, false],
            [false, true, false],
            [false, false, true],
          ]);
        }
      }
    });

    test('publishable keys, cut off ones and other words are not found', () => {
      const key = madeKey();
      const texts = [
        madeKey('publishable', 'live'),
        madeKey('publishable', 'test'),
        key.slice(0, -1),
        `${key}0`,
        key.toUpperCase(),
        madeWebhookSecret().slice(0, -2),
        'payos_sk_live_… whsec_…',
      ];
      for (const text of texts) assert.ok(!rules.some((rule) => finds(rule, text)));
    });

    test('placeholders are not found where the scanner measures entropy', () => {
      for (const filler of ['x', 'A1b2', '0123', 'your_key']) {
        const text = `payos_sk_live_${repeated(filler)}`;
        for (const rule of rules.filter(({ entropy }) => entropy !== undefined)) {
          assert.ok(!finds(rule, text), text);
        }
      }
    });

    test('the patterns stay within what RE2, Hyperscan and JavaScript have in common', () => {
      for (const { regex, keyword } of rules) {
        assert.doesNotMatch(regex.source, /\(\?[^:]|\\[1-9kpPuQ]|[*+?}]\+|\$\{/);
        assert.notEqual(regex.source, 'not found');
        if (keyword !== undefined) assert.ok(regex.source.startsWith(keyword));
      }
    });
  });
}

test('the scanners look for the same', () => {
  const formats = ['payos_sk_live_[0-9A-Za-z]{50}', 'payos_sk_test_[0-9A-Za-z]{50}'];
  formats.push('whsec_[0-9A-Za-z+/]{43}=');
  for (const name of Object.keys(files)) {
    const found = new Set(read(name).match(/(payos_sk_|whsec_)\w*\[[^\]]*\]\{\d+\}=?/g));
    assert.deepEqual([...found].sort(), formats.sort(), name);
  }
});
