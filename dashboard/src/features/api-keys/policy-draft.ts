import type { schemas } from 'payos-contract';
import type { Policy } from './data.ts';

export type Rules = Required<schemas.UpdateApiKeyPolicy>;

/** The rules as they are being edited: numbers as the text they are typed in, empty for none. */
export type PolicyDraft = Omit<Rules, 'max_age_days' | 'longest_expiry_days'> & {
  max_age_days: string;
  longest_expiry_days: string;
};

export function policyDraftOf(policy: Policy): PolicyDraft {
  const { object: _object, mode: _mode, updated_at: _at, ...rules } = policy;
  return {
    ...rules,
    max_age_days: textOf(policy.max_age_days),
    longest_expiry_days: textOf(policy.longest_expiry_days),
  };
}

const textOf = (days: number | null) => (days === null ? '' : String(days));
const daysOf = (text: string) => (text.trim() === '' ? null : Number(text));

export function rulesOf(draft: PolicyDraft): Rules {
  return {
    ...draft,
    max_age_days: daysOf(draft.max_age_days),
    longest_expiry_days: daysOf(draft.longest_expiry_days),
  };
}

const isDays = (days: number | null) =>
  days === null || (Number.isInteger(days) && days >= 1 && days <= 3650);

/** Whether the rules can be asked about: half a number cannot. */
export const isWhole = ({ max_age_days: age, longest_expiry_days: longest }: Rules): boolean =>
  isDays(age) && isDays(longest);

export function isChanged(policy: Policy, rules: Rules): boolean {
  return (Object.keys(rules) as (keyof Rules)[]).some((name) => rules[name] !== policy[name]);
}
