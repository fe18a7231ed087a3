import type { schemas } from 'payos-contract';
import { ApiProblem, isProblem } from '../../api/index.ts';

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
    ip_ranges: [...new Set(entriesOf(draft.ip_ranges).map(asRange))],
  };
}

const entriesOf = (text: string) => text.split(/[\s,;]+/).filter((entry) => entry !== '');

/** A single address is a range of one. */
function asRange(entry: string): string {
  if (entry.includes('/')) return entry;
  if (/^[\d.]+$/.test(entry)) return `${entry}/32`;
  return entry.includes(':') ? `${entry}/128` : entry;
}

/** What the API says of the n-th entry of a list, with the line on which it was typed. */
export function withLines(error: unknown, draft: Draft, rules: Rules): unknown {
  if (!isProblem(error)) return error;
  const errors = error.problem.errors?.map((one) => {
    const [, name, index] = one.pointer.split('/');
    if ((name !== 'ip_ranges' && name !== 'email_domains') || index === undefined) return one;
    const wrong = rules[name][Number(index)] ?? '';
    const typed = wrong.replace(/\/(32|128)$/, '');
    const line = draft[name]
      .toLowerCase()
      .split('\n')
      .findIndex((text) => text.includes(typed));
    const place = line < 0 ? '' : `Line ${line + 1}, `;
    return { ...one, message: `${place}“${typed}”: ${one.message}` };
  });
  return errors === undefined ? error : new ApiProblem({ ...error.problem, errors });
}

/** Whether anything differs from what is in force; the order of entries does not count. */
export function isChanged(policy: Policy, rules: Rules): boolean {
  const text = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  const names = Object.keys(rules) as (keyof Rules)[];
  return names.some((name) => text(rules[name]) !== text(policy[name]));
}
