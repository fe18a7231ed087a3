import { type SettingName, type Settings, type schemas, settingsTable } from 'payos-contract';

/** What a setting that is not as shipped takes away. Larger numbers are weaker. */
const meanings = {
  PAYOS_EGRESS_ALLOW: 'Webhooks and forwards may go to these private addresses.',
  PAYOS_METRICS_ALLOW: 'Metrics can be read from these addresses.',
  PAYOS_LOG_LEVEL: 'Logs hold more, or less, than usual.',
  PAYOS_SIGN_IN_RATE: 'More or fewer tries to sign in per address than usual.',
  PAYOS_RATE_LIMIT_ADDRESS: 'More or fewer guesses at keys per address than usual.',
  PAYOS_EGRESS_CA: 'A further CA is trusted by what leaves PayOS.',
} as const satisfies Partial<Record<SettingName, string>>;

export type WeakenedBy = Pick<Settings<SettingName>, keyof typeof meanings>;

/** Settings that differ from what is shipped where that may matter, by name. */
export function weakened(settings: WeakenedBy): schemas.Assessment['weakened'] {
  const names = Object.keys(meanings).sort() as (keyof typeof meanings)[];
  return names.flatMap((setting) => {
    const value = [settings[setting] ?? ''].flat().join(',');
    if (value === (settingsTable[setting].fallback ?? '')) return [];
    const shown = setting === 'PAYOS_EGRESS_CA' ? 'set' : value;
    return [{ setting, value: shown, means: meanings[setting] }];
  });
}
