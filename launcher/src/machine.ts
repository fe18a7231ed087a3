import type { MoreNames } from './certificates.ts';
import type { ProcessName } from './child-settings.ts';
import type { AllSettings } from './derive.ts';
import { Refusal } from './refusal.ts';
import type { Zone } from './roles.ts';

/** What runs on this machine: everything, or one side of the wall. */
export type Machine = {
  runs: readonly ProcessName[];
  zones: readonly Zone[];
  /** The vault is on another machine. */
  vaultIsElsewhere: boolean;
  /** Nothing but the vault is on this machine. */
  isVault: boolean;
};

const needed = {
  everything: [],
  'control-plane': ['PAYOS_INTERNAL_URL', 'PAYOS_VAULT_INTERNAL_URL', 'PAYOS_VAULT_PUBLIC_URL'],
  vault: [
    'PAYOS_INTERNAL_URL',
    'PAYOS_TLS_CERT',
    'PAYOS_TLS_KEY',
    'PAYOS_INTERNAL_CERT',
    'PAYOS_INTERNAL_KEY',
    'PAYOS_INTERNAL_CA',
    'PAYOS_SERVER_SIGNING_KEYS',
    'PAYOS_WORKER_SIGNING_KEYS',
  ],
} as const;

/** What belongs to the other side, and has no business on this machine. */
const foreign = {
  everything: [],
  'control-plane': ['VAULT_DATABASE_URL', 'PAYOS_VAULT_DB_APP_URL', 'PAYOS_VAULT_KEYRING'],
  vault: [
    'DATABASE_URL',
    'PAYOS_DB_APP_URL',
    'PAYOS_DB_READ_URL',
    'PAYOS_KEY_PEPPER',
    'PAYOS_SEALING_KEY',
    'PAYOS_VAULT_SIGNING_KEY',
  ],
} as const;

/** @throws Refusal when a setting is missing that the other machine makes necessary */
export function machineOf(settings: AllSettings): Machine {
  const { PAYOS_RUN } = settings;
  const run = PAYOS_RUN as keyof typeof needed;
  const missing = needed[run].filter((name) => settings[name] === undefined);
  const tooMany = foreign[run].filter((name) => settings[name] !== undefined);
  const guide = 'See docs/vault-deployment.md.';
  if (missing.length > 0) {
    throw new Refusal(`PAYOS_RUN=${run} needs ${missing.join(', ')}. ${guide}`);
  }
  if (tooMany.length > 0) {
    throw new Refusal(
      `${tooMany.join(', ')}: not with PAYOS_RUN=${run}. Neither machine may have what opens the ` +
        `databases of the other, or seals in it. ${guide}`,
    );
  }
  return machines[run];
}

const machines: Readonly<Record<keyof typeof needed, Machine>> = {
  everything: {
    runs: ['simulator', 'vault', 'server', 'worker'],
    zones: ['control', 'vault'],
    vaultIsElsewhere: false,
    isVault: false,
  },
  'control-plane': {
    runs: ['simulator', 'server', 'worker'],
    zones: ['control'],
    vaultIsElsewhere: true,
    isVault: false,
  },
  vault: { runs: ['vault'], zones: ['vault'], vaultIsElsewhere: false, isVault: true },
};

/** The names that the certificates made here have to have besides localhost. */
export function moreNames(settings: AllSettings, { vaultIsElsewhere }: Machine): MoreNames {
  const beyond = (url: string | undefined) => {
    const host = url === undefined ? '' : new URL(url).hostname.replace(/^\[|\]$/g, '');
    return /^(localhost|127\.0\.0\.1|::1|)$/.test(host) ? [] : [host];
  };
  return {
    open: settings.PAYOS_TLS_NAMES,
    simulator:
      settings.PAYOS_SIMULATOR_HOST === '127.0.0.1' ? [] : beyond(settings.PAYOS_SIMULATOR_URL),
    server: beyond(settings.PAYOS_INTERNAL_URL),
    vault: beyond(settings.PAYOS_VAULT_INTERNAL_URL),
    vaultIsElsewhere,
    vaultOpen: beyond(settings.PAYOS_VAULT_PUBLIC_URL),
  };
}
