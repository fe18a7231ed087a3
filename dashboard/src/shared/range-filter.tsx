import { type ReactNode, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useMode } from '../api/index.ts';
import { now } from '../clock.ts';
import { SelectField, TextField, timeZone } from '../ui/index.ts';
import { useAddressFilters } from './address-filters.ts';
import { type Created, createdRange, rangeNames, ranges } from './time-range.ts';

const options = [
  { value: '', label: 'Created: any time' },
  ...ranges.map(({ value, label }) => ({ value, label })),
  { value: 'custom', label: 'From … to …' },
];

/** When something was made: the last hour, day …, or from one time to another. */
export function RangeFilter(): ReactNode {
  const { of, set } = useAddressFilters();
  return (
    <SelectField
      label="Created"
      hideLabel
      size="small"
      options={options}
      value={of('range')}
      onChange={(event) => {
        set({ range: event.target.value, created_after: '', created_before: '' });
      }}
    />
  );
}

/** The two times, where the reader chose to give them. */
export function CustomRange(): ReactNode {
  const { of, set } = useAddressFilters();
  if (of('range') !== 'custom') return null;
  const zone = timeZone();
  const field = (name: string, label: string) => (
    <TextField
      type="datetime-local"
      label={
        <>
          {label} <small>{zone}</small>
        </>
      }
      size="small"
      value={of(name)}
      onChange={(event) => set({ [name]: event.target.value })}
    />
  );
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-2">
      {field('created_after', 'Created after')}
      {field('created_before', 'Created before')}
    </div>
  );
}

/** What the range means now; the same until the address or the mode changes. */
export function useCreatedRange(): Created {
  const [params] = useSearchParams();
  const mode = useMode();
  const text = rangeNames.map((name) => params.get(name) ?? '').join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what the texts are made of
  return useMemo(() => createdRange(params, now()), [text, mode]);
}
