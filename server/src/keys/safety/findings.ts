import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import { isLongAgo, unusedDays } from '../key-usage.ts';
import { bindsToNothing } from '../rules/check-policy.ts';
import { usualPermissions } from '../rules/check-rights.ts';
import { namedEnvironments } from './environments.ts';

/** A key with all that says whether it is safe. */
export type Subject = {
  key: schemas.ApiKeyEntry;
  policy: schemas.ApiKeyPolicy;
  ownerActive: boolean;
  uses: schemas.ApiKeyUsage['permissions'];
  /** Networks of the last seven days, by program. */
  products: ReadonlyMap<string, ReadonlySet<string>>;
};
type Line = Omit<schemas.ApiKeySafety['data'][number], 'key'>;
type Found = Omit<Line, 'finding' | 'permissions'> & { permissions?: string[] };
type Check = (subject: Subject) => Found | undefined;

const soonDays = 14;
const dayMs = 86_400_000;
const isRetiring = ({ key }: Subject) => key.status === 'retiring';
const isSecret = ({ key }: Subject) => key.kind !== 'publishable';
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
/** `2 December 2026`, in UTC. */
const day = (time: string) => dates.format(new Date(time));
const daysUntil = (time: string) => (Date.parse(time) - clock.nowMs()) / dayMs;

const exposure = {
  plain_http: 'sent over plain HTTP',
  leak_report: 'found in a public place',
  url: 'sent in a URL',
  browser: 'used by a page in a browser',
} as const;

/**
 * In the order in which they count where they are equally urgent. A key on its way out is not
 * asked to be made better.
 */
const checks: Record<Line['finding'], Check> = {
  exposed: ({ key: { exposed_at, exposed_how, status } }) =>
    exposed_at === null
      ? undefined
      : {
          severity: 'high',
          detail: [
            `It was ${exposed_how === null ? 'exposed' : exposure[exposed_how]}`,
            `on ${day(exposed_at)}: whoever saw it can use it.`,
          ].join(' '),
          fix: status === 'retiring' ? 'revoke' : 'rotate',
        },
  overdue: (subject) => {
    const { due_at } = subject.key;
    if (isRetiring(subject) || due_at === null || daysUntil(due_at) > 0) return undefined;
    const detail = `By the rules it was to be replaced on ${day(due_at)}.`;
    return { severity: 'high', detail, fix: 'rotate' };
  },
  due_soon: (subject) => {
    const { due_at, expires_at } = subject.key;
    const next = [due_at, expires_at].flatMap((time) => time ?? []).sort()[0];
    if (isRetiring(subject) || next === undefined) return undefined;
    const days = daysUntil(next);
    if (days <= 0 || days > soonDays) return undefined;
    const what = next === expires_at ? 'It ends' : 'By the rules it is to be replaced';
    const severity = days <= 1 ? 'high' : 'medium';
    return { severity, detail: `${what} on ${day(next)}.`, fix: 'rotate' };
  },
  beyond_owner: ({ key, ownerActive }) =>
    key.beyond_owner.length === 0 || !ownerActive
      ? undefined
      : {
          severity: 'high',
          detail: [
            `${key.owner_name ?? 'Its owner'} may not do this any more:`,
            `${key.beyond_owner.join(', ')}.`,
          ].join(' '),
          fix: 'narrow',
          permissions: key.beyond_owner,
        },
  owner_gone: ({ key: { owner, owner_name }, ownerActive }) => {
    if (ownerActive) return undefined;
    return owner === null
      ? { severity: 'low', detail: 'It belongs to nobody who would hear of it.', fix: 'edit' }
      : { severity: 'medium', detail: `${owner_name ?? 'Its owner'} was disabled.`, fix: 'edit' };
  },
  shared: (subject) => {
    const pair = apart(subject.products);
    if (!isSecret(subject) || pair === undefined) return undefined;
    const [one, two] = pair.map((name) => (name === '' ? 'a program without a name' : name));
    const severity = subject.policy.one_service_per_key ? 'high' : 'medium';
    const detail = [
      `In the last 7 days it was used by ${one} and by ${two},`,
      'never from the same network. Give each a key of its own.',
    ].join(' ');
    return { severity, detail, fix: 'rotate' };
  },
  shared_environments: ({ key: { mode, name, service } }) => {
    const named = namedEnvironments(`${name} ${service ?? ''}`);
    const detail = (words: string) => `Its name or service says ${words}.`;
    if (named.production !== undefined && named.other !== undefined) {
      const words = `“${named.production}” and “${named.other}”: one key in two environments`;
      return { severity: 'medium', detail: detail(words), fix: 'rotate' };
    }
    if (mode === 'test' || named.other === undefined) return undefined;
    const words = `“${named.other}”, and it is a live key`;
    return { severity: 'medium', detail: detail(words), fix: 'revoke' };
  },
  unused: (subject) => {
    const { last_used_at, created_at } = subject.key;
    if (isRetiring(subject) || !isLongAgo(last_used_at ?? created_at)) return undefined;
    const last = last_used_at === null ? '' : ` The last time was on ${day(last_used_at)}.`;
    const detail = `It was not used in ${unusedDays} days.${last}`;
    return { severity: 'medium', detail, fix: 'revoke' };
  },
  unused_permissions: (subject) => {
    const { last_used_at, created_at } = subject.key;
    const permissions = subject.uses.filter((use) => use.unused).map((use) => use.permission);
    // Where all of it is unused, that is what is to be said.
    const none = permissions.length === 0 || isLongAgo(last_used_at ?? created_at);
    if (none || isRetiring(subject) || permissions.length === subject.uses.length) return undefined;
    const detail = `Not once in ${unusedDays} days: ${permissions.join(', ')}.`;
    return { severity: 'medium', detail, fix: 'narrow', permissions };
  },
  too_broad: (subject) => {
    const { kind, mode, permissions } = subject.key;
    const all = usualPermissions(kind, mode);
    if (!isSecret(subject) || isRetiring(subject)) return undefined;
    if (!all.every((name) => permissions.includes(name))) return undefined;
    const never = subject.uses.filter((use) => use.requests === 0).map((use) => use.permission);
    const detail = 'It may do everything that a key of this mode usually may.';
    const narrower = never.length === subject.uses.length ? [] : never;
    return { severity: 'low', detail, fix: 'narrow', permissions: narrower };
  },
  no_ip_ranges: (subject) => {
    const { key, policy } = subject;
    const asked = policy.require_ip_ranges;
    if (!isSecret(subject) || isRetiring(subject)) return undefined;
    if (!bindsToNothing(key.ip_ranges)) return undefined;
    if (!asked && key.mode === 'test') return undefined;
    const detail = asked
      ? 'The rules ask for a list of addresses, and it works from everywhere.'
      : 'It works from every address.';
    return { severity: asked ? 'high' : 'medium', detail, fix: 'restrict_addresses' };
  },
  no_origins: ({ key }) =>
    key.kind !== 'publishable' || key.mode === 'test' || key.allowed_origins.length > 0
      ? undefined
      : { severity: 'low', detail: 'It works on every page of the internet.', fix: 'edit' },
  never_expires: (subject) => {
    const { key, policy } = subject;
    const ends = key.expires_at !== null || (policy.on_overdue === 'expire' && key.due_at !== null);
    if (ends || !isSecret(subject) || isRetiring(subject)) return undefined;
    return { severity: 'low', detail: 'It works until somebody revokes it.', fix: 'set_expiry' };
  },
  no_service: ({ key, policy }) =>
    !policy.one_service_per_key || key.service !== null
      ? undefined
      : { severity: 'medium', detail: 'It does not say which service uses it.', fix: 'edit' },
};

/** What could be safer about one key. */
export function findingsOf(subject: Subject): Line[] {
  return (Object.keys(checks) as Line['finding'][]).flatMap((finding) => {
    const found = checks[finding](subject);
    return found === undefined ? [] : [{ finding, permissions: [], ...found }];
  });
}

/**
 * Two programs that were never seen on the same network: they are not one service and its tools on
 * one machine.
 */
function apart(products: Subject['products']): [string, string] | undefined {
  const all = [...products];
  for (const [index, [one, networks]] of all.entries()) {
    for (const [two, others] of all.slice(index + 1)) {
      if (![...others].some((network) => networks.has(network))) return [one, two];
    }
  }
  return undefined;
}
