import type { schemas } from 'payos-contract';
import { entriesOf, rangesOf, withLines } from '../../shared/lines.ts';

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
    ip_ranges: rangesOf(draft.ip_ranges),
  };
}

/** What the API says of the n-th entry of a list, with the line on which it was typed. */
export const withTypedLines = (error: unknown, draft: Draft, rules: Rules): unknown =>
  withLines(error, {
    ip_ranges: { text: draft.ip_ranges, entries: rules.ip_ranges },
    email_domains: { text: draft.email_domains, entries: rules.email_domains },
  });

/** Whether anything differs from what is in force; the order of entries does not count. */
export function isChanged(policy: Policy, rules: Rules): boolean {
  const text = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  const names = Object.keys(rules) as (keyof Rules)[];
  return names.some((name) => text(rules[name]) !== text(policy[name]));
}
