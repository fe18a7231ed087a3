import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type SettingName, type SettingsResult, settingsTable } from 'payos-contract/settings';
import { ensureCertificates } from '../../launcher/src/certificates.ts';
import { loadSettings } from './index.ts';

/** 32 bytes in base64, recognizable. */
export const keyOf = (letter: string) => `${letter.repeat(43)}=`;

/** A folder with certificates for localhost, removed after the tests of the file. */
export async function testCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'payos-secrets-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  await ensureCertificates(folder, new Date());
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  return {
    folder,
    caFile: join(folder, 'ca.pem'),
    ca: text('ca.pem'),
    tls: { cert: text('localhost.pem'), key: text('localhost-key.pem') },
  };
}

type Loaded = SettingsResult<Readonly<Record<SettingName, unknown>>>;

/** What a process that uses all settings makes of an environment. */
export function load(env: Record<string, string>): Promise<Loaded> {
  return loadSettings(env, Object.keys(settingsTable) as SettingName[], []);
}

/** The mistakes in an environment, joined; empty when there are none. */
export async function mistakesOf(env: Record<string, string>): Promise<string> {
  const result = await load(env);
  return result.ok ? '' : result.mistakes.join('\n');
}
