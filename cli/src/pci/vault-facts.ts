import type { VaultKey } from '../vault/keys.ts';
import type { Report, Section } from './document.ts';

/** What the vault answers over its own socket. */
export type VaultFacts = {
  versions: { node: string; openssl: string; postgresql: string };
  provider: { name: string; fit_for_live: boolean; remote: boolean };
  live_with_keyring_file: boolean;
  key_cache_seconds: number;
  visitors_per_second: number;
  weaknesses: string[];
  forward_hosts: string[];
  live_destinations: string[];
  live_reveal_keys: string[];
  keys: VaultKey[];
  tokens: { organization: string; mode: string; tokens: number; saved: number }[];
  forwards: { organization: string; mode: string; host: string; forwards: number }[];
};

/** What can be said on the machine of a vault that is by itself. */
export type VaultOnly = { at: string; since: string; vault: VaultFacts };

const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
const dayMs = 86_400_000;

/** The report of a vault on a machine of its own, where organizations have no names. */
export function describeVault({ at, since, vault }: VaultOnly): Report {
  return {
    title: 'PayOS: facts of the vault for a PCI DSS assessor',
    lines: [
      `Written ${at}. "Used" means since ${since}.`,
      'These are facts of the vault as it runs, read from it at that moment. What the rest of ' +
        'PayOS knows is in the report of its own machine. They do not say that a requirement of ' +
        'PCI DSS is met: that is for the assessor, who looks at the operator and not at software.',
    ],
    sections: vaultSections(vault, at, (organization) => organization),
  };
}

/** What the report says of the card data environment. */
export function vaultSections(facts: VaultFacts, at: string, nameOf: NameOf): Section[] {
  return [settings(facts), keys(facts, Date.parse(at), nameOf), traffic(facts, nameOf)];
}

function settings(facts: VaultFacts): Section {
  const { provider, versions } = facts;
  return {
    title: 'The card data environment',
    text: 'As the running vault says.',
    columns: ['what', 'value'],
    rows: [
      ['Node.js', versions.node],
      ['OpenSSL', versions.openssl],
      ['PostgreSQL', versions.postgresql],
      ['root of the keys', provider.name],
      ['root outside of the machine with the data', yesOrNo(provider.fit_for_live)],
      ['root in a file accepted in live mode', yesOrNo(facts.live_with_keyring_file)],
      ['seconds until a revoked root stops decryption', String(facts.key_cache_seconds)],
      ['cards per second and address with a publishable key', String(facts.visitors_per_second)],
      ['what lets its memory out, and closes live mode', facts.weaknesses.join(' ')],
      ['processors that cards may be sent to', facts.forward_hosts.join(', ')],
      ['hosts merchants may have live cards sent to', destinations(facts.live_destinations)],
      ['keys that live cards may be sealed to', facts.live_reveal_keys.join(', ') || 'none'],
    ],
  };
}

function destinations(hosts: readonly string[]): string {
  if (hosts.includes('*')) return 'any: what two people of an organization approved';
  return hosts.join(', ') || 'none';
}

type NameOf = (organization: string) => string;

function keys({ keys: versions }: VaultFacts, now: number, nameOf: NameOf): Section {
  return {
    title: 'Keys of the vault',
    text:
      'Every version, with its age in days. How they are made, held and replaced: ' +
      'docs/pci/key-inventory.md.',
    columns: ['organization', 'mode', 'purpose', 'version', 'state', 'made', 'age', 'check value'],
    rows: versions.map((key) => [
      ...[nameOf(key.organization), key.mode, key.purpose, String(key.version), key.state],
      ...[key.created_at.slice(0, 10), String(ageOf(key, now)), key.check_value],
    ]),
    none: 'No card was stored yet.',
  };
}

function ageOf({ created_at }: VaultKey, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(created_at)) / dayMs));
}

function traffic({ tokens, forwards }: VaultFacts, nameOf: NameOf): Section {
  const made = tokens.map((row) => {
    const saved = `${row.tokens} tokens made, ${row.saved} of them saved`;
    return [nameOf(row.organization), row.mode, saved, ''];
  });
  const sent = forwards.map((row) => {
    return [nameOf(row.organization), row.mode, `${row.forwards} cards sent`, row.host];
  });
  return {
    title: 'Cards in, cards out',
    text: 'In the time that "used" means. Tokens that were deleted since are counted.',
    columns: ['organization', 'mode', 'what', 'to'],
    rows: [...made, ...sent],
    none: 'Nothing.',
  };
}
