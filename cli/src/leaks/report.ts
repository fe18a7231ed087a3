import { sdkVersion } from 'payos-sdk';
import type { Found } from './find-keys.ts';
import type { Passed } from './sources.ts';

export type Finding = Found & { file: string };

export type Report = {
  /** Secrets that must not be where they are. */
  leaks: Finding[];
  /** Looks like one, and is none: no key has this checksum, or the key may be public. */
  harmless: Finding[];
  files_searched: number;
  skipped: readonly Passed[];
  unread: readonly Passed[];
};

const names = {
  secret: 'secret key',
  publishable: 'publishable key',
  webhook_secret: 'webhook secret',
  signing_key: 'private key of the signing key',
} as const;
const encodings = { plain: '', wide: ', in UTF-16 or UTF-32', base64: ', in base64' } as const;

/** `file:line:column: what it is`, as editors and CI systems make links of. */
export function lineOf({ file, line, column, ...found }: Finding): string {
  const name = [found.mode, names[found.kind]].filter((part) => part !== null).join(' ');
  const notes = { right: 'checksum holds', wrong: 'wrong checksum', none: 'has no checksum' };
  const note = notes[found.checksum] + encodings[found.encoding];
  return `${file}:${line}:${column}: ${name} ${found.hint} (${note})`;
}

/** How many of what was passed over, with up to three examples of each. */
export function linesOf(passed: readonly Passed[]): string[] {
  const byReason = Map.groupBy(passed, ({ why }) => why);
  return [...byReason].map(([why, all]) => {
    const some = all.slice(0, 3).map(({ path }) => path);
    const more = all.length > some.length ? ` and ${all.length - some.length} more` : '';
    return `${why}: ${some.join(', ')}${more}`;
  });
}

/** SARIF 2.1.0 (OASIS), which code scanning services show beside the code. */
export function sarifOf({ leaks }: Report): object {
  const rules = Object.entries(names).map(([kind, name]) => ({
    id: `payos-${kind.replaceAll('_', '-')}`,
    shortDescription: { text: `PayOS ${name}` },
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'payos keys check-leak', version: sdkVersion, rules } },
        columnKind: 'unicodeCodePoints',
        results: leaks.map((leak) => ({
          ruleId: `payos-${leak.kind.replaceAll('_', '-')}`,
          level: 'error',
          message: { text: `${leak.mode ?? ''} ${names[leak.kind]} ${leak.hint}`.trim() },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: leak.file.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: leak.line, startColumn: leak.column },
              },
            },
          ],
        })),
      },
    ],
  };
}
