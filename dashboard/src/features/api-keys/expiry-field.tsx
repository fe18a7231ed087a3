import type { ReactNode } from 'react';
import { now } from '../../clock.ts';
import { DateTime, SelectField, TextField } from '../../ui/index.ts';
import type { Policy } from './data.ts';
import { dayOf, type Expiry, expiryOf, expiryOptions, latestEnd } from './expiry.ts';
import type { PartProps } from './key-form.tsx';

const dayMs = 86_400_000;

/** When a key ends by itself, within what the rules allow. */
export function ExpiryField({ draft, onChange, policy, apiKey }: PartProps): ReactNode {
  return (
    <ExpiryChoice
      expiry={draft.expiry}
      onChange={(expiry) => onChange({ expiry })}
      policy={policy}
      label="It ends"
      {...(apiKey && { keep: keepLabel(apiKey.expires_at), createdAt: apiKey.created_at })}
    />
  );
}

type Props = {
  expiry: Expiry;
  onChange: (expiry: Expiry) => void;
  policy: Policy | undefined;
  label: string;
  /** What it is called to choose nothing, where that is possible. */
  keep?: string;
  /** Of a key that is there already. */
  createdAt?: string;
};

export function ExpiryChoice(props: Props): ReactNode {
  const { expiry, onChange, policy, label, keep, createdAt } = props;
  const latest = latestEnd(policy, createdAt);
  const unsaid = keep === undefined ? [] : [{ value: 'keep', label: keep }];
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <SelectField
        name="expires_at"
        label={label}
        options={[...unsaid, ...expiryOptions(latest)]}
        value={expiry.choice}
        onChange={({ target }) => onChange({ ...expiry, choice: target.value })}
        hint={<Ends expiry={expiry} latest={latest} policy={policy} />}
      />
      {expiry.choice === 'date' && (
        <TextField
          type="date"
          label="Last day"
          value={expiry.date}
          min={dayOf(now() + dayMs)}
          max={latest === undefined ? undefined : dayOf(latest - dayMs)}
          onChange={({ target }) => onChange({ ...expiry, date: target.value })}
          required
        />
      )}
    </div>
  );
}

const keepLabel = (expires: string | null) =>
  expires === null ? 'As it is: never' : 'As it is now';

type EndsProps = { expiry: Expiry; latest: number | undefined; policy: Policy | undefined };

/** The time that was chosen, and what the rules say besides. */
function Ends({ expiry, latest, policy }: EndsProps): ReactNode {
  const end = expiryOf(expiry, latest);
  const days = policy?.max_age_days ?? null;
  return (
    <>
      {typeof end === 'string' && (
        <>
          It stops working on <DateTime value={end} />.{' '}
        </>
      )}
      {end === null && 'It works until somebody ends it. '}
      {days !== null && `Your rules want every key replaced after ${days} days.`}
    </>
  );
}
