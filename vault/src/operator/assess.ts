import type { Mode } from 'payos-contract';
import type { Db } from '../core/db.ts';
import type { LiveMode } from '../core/live-mode.ts';
import type { KeyProvider } from '../seal/key-provider.ts';
import { findKeys, type KeyVersion } from './find-keys.ts';
import type { Assess } from './schemas.ts';

/** What the vault was started with, as far as an assessor asks about it. */
export type AssessedSettings = {
  liveWithKeyringFile: boolean;
  keyCacheMs: number;
  forwardHosts: readonly string[];
  forwardDestinations: readonly string[];
  revealKeys: ReadonlySet<string>;
  visitorsPerSecond: number;
  liveMode: LiveMode;
};

export type VaultAssessment = {
  versions: { node: string; openssl: string; postgresql: string };
  /** Where the root of the keys is. */
  provider: { name: string; fit_for_live: boolean; remote: boolean };
  live_with_keyring_file: boolean;
  key_cache_seconds: number;
  visitors_per_second: number;
  weaknesses: string[];
  forward_hosts: string[];
  /** Where merchants may have live cards sent, and to which keys they may be sealed. */
  live_destinations: string[];
  live_reveal_keys: string[];
  keys: KeyVersion[];
  tokens: { organization: string; mode: Mode; tokens: number; saved: number }[];
  forwards: { organization: string; mode: Mode; host: string; forwards: number }[];
};

const selectVersion = {
  name: 'assess-version',
  text: "SELECT current_setting('server_version') AS version",
};
const selectTokens = {
  name: 'assess-tokens',
  text: `SELECT organization_id AS organization, mode, count(*)::int AS tokens,
           (count(*) FILTER (WHERE expires_at IS NULL))::int AS saved
         FROM tokens WHERE created_at >= now() - make_interval(days => $1)
         GROUP BY 1, 2 ORDER BY 1, 2`,
};
const selectForwards = {
  name: 'assess-forwards',
  text: `SELECT organization_id AS organization, mode, host, count(*)::int AS forwards
         FROM forwards WHERE created_at >= now() - make_interval(days => $1)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
};

/** What the vault knows that a PCI DSS assessor asks about, in an order that stays. */
export async function assess(
  { db, provider }: { db: Db; provider: KeyProvider },
  settings: AssessedSettings,
  { days }: Assess,
): Promise<VaultAssessment> {
  const [version] = await db.run<{ version: string }>(selectVersion, []);
  return {
    versions: {
      node: process.versions.node,
      openssl: process.versions.openssl,
      postgresql: version?.version ?? '',
    },
    provider: {
      name: provider.name,
      fit_for_live: provider.fitForLive,
      remote: provider.isRemote,
    },
    live_with_keyring_file: settings.liveWithKeyringFile,
    key_cache_seconds: settings.keyCacheMs / 1000,
    visitors_per_second: settings.visitorsPerSecond,
    weaknesses: [...settings.liveMode.weaknesses()].sort(),
    forward_hosts: [...settings.forwardHosts].sort(),
    live_destinations: [...settings.forwardDestinations].sort(),
    live_reveal_keys: [...settings.revealKeys].sort(),
    keys: await findKeys(db, {}),
    tokens: await db.run(selectTokens, [days]),
    forwards: await db.run(selectForwards, [days]),
  };
}
