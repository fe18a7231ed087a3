import type { schemas } from 'payos-contract';

export type Policy = schemas.SecurityPolicy;
export type Rules = Required<schemas.UpdateSecurityPolicy>;

/** The rules as they are being edited: lists as the text they are typed in. */
export type Draft = Omit<Rules, 'email_domains' | 'ip_ranges'> & {
  email_domains: string;
  ip_ranges: string;
};

export function draftOf(policy: Policy): Draft {
  return {
    allowed_factors: policy.allowed_factors,
    idle_minutes: policy.idle_minutes,
    session_hours: policy.session_hours,
    email_domains: policy.email_domains.join('\n'),
    ip_ranges: policy.ip_ranges.join('\n'),
  };
}

/** What is sent. A domain is taken with or without its `@`. */
export function rulesOf(draft: Draft): Rules {
  const domains = entriesOf(draft.email_domains).map((one) => one.toLowerCase().replace(/^@/, ''));
  return {
    ...draft,
    email_domains: [...new Set(domains)],
    ip_ranges: [...new Set(entriesOf(draft.ip_ranges))],
  };
}

const entriesOf = (text: string) => text.split(/[\s,;]+/).filter((entry) => entry !== '');

/** Whether anything differs from what is in force; the order of entries does not count. */
export function isChanged(policy: Policy, rules: Rules): boolean {
  const text = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  const names = Object.keys(rules) as (keyof Rules)[];
  return names.some((name) => text(rules[name]) !== text(policy[name]));
}
