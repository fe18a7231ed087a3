import type { ReactNode } from 'react';
import { Badge, type BadgeTone, type IconName, type Option } from '../../ui/index.ts';
import type { ApiKey, KeyEntry } from './data.ts';

type Status = ApiKey['status'];
type Kind = ApiKey['kind'];

const statuses: Readonly<Record<Status, { label: string; tone: BadgeTone; icon: IconName }>> = {
  active: { label: 'Active', tone: 'ok', icon: 'check' },
  retiring: { label: 'Being replaced', tone: 'info', icon: 'refresh' },
  disabled: { label: 'Disabled', tone: 'warn', icon: 'minus' },
  expired: { label: 'Expired', tone: 'neutral', icon: 'clock' },
  revoked: { label: 'Revoked', tone: 'neutral', icon: 'x' },
};

export const kindNames: Readonly<Record<Kind, string>> = {
  secret: 'Secret',
  publishable: 'Publishable',
  signing: 'Signing',
};

const optionsOf = <T extends string>(names: Readonly<Record<T, string>>): Option[] =>
  Object.entries<string>(names).map(([value, label]) => ({ value, label }));

export const kindOptions: readonly Option[] = optionsOf(kindNames);
export const statusOptions: readonly Option[] = Object.entries(statuses).map(
  ([value, { label }]) => ({ value, label }),
);

/** What a key is, and what is wrong with it. */
export function KeyBadges({ apiKey }: { apiKey: KeyEntry }): ReactNode {
  const { label, tone, icon } = statuses[apiKey.status];
  const lives = apiKey.status !== 'expired' && apiKey.status !== 'revoked';
  return (
    <span className="inline-flex max-w-full flex-wrap gap-1 max-sm:justify-end">
      <Badge tone={tone} icon={icon}>
        {label}
      </Badge>
      {lives && apiKey.exposed_at !== null && (
        <Badge tone="danger" icon="alert">
          Exposed
        </Badge>
      )}
      {lives && apiKey.beyond_owner.length > 0 && (
        <Badge tone="danger" icon="alert">
          Beyond its owner
        </Badge>
      )}
    </span>
  );
}
