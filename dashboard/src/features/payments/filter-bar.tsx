import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Button, SelectField, TextField } from '../../ui/index.ts';
import { FurtherFilters } from './further-filters.tsx';
import { countFurther, filterNames, ranges } from './payment-query.ts';
import { statusOptions } from './status.tsx';
import { TextFilter } from './text-filter.tsx';

export type SetFilters = (values: Readonly<Record<string, string>>) => void;

/** The filters live in the address alone. Each change leads back to the first page. */
function useAddress(): [URLSearchParams, SetFilters] {
  const [params, setParams] = useSearchParams();
  const set: SetFilters = (values) => {
    const next = new URLSearchParams(location.search);
    for (const gone of ['after', 'before']) next.delete(gone);
    for (const [name, value] of Object.entries(values)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    setParams(next, { replace: true });
  };
  return [params, set];
}

const rangeOptions = [
  { value: '', label: 'Created: any time' },
  ...ranges.map(({ value, label }) => ({ value, label })),
  { value: 'custom', label: 'From … to …' },
];

/** Everything the list of payments can be narrowed by. */
export function PaymentFilterBar({ children }: { children?: ReactNode }): ReactNode {
  const [params, set] = useAddress();
  const further = countFurther(params);
  const [open, setOpen] = useState(further > 0);
  const of = (name: string) => params.get(name) ?? '';
  const isFiltered = filterNames.some((name) => of(name) !== '');
  const clear = () => set(Object.fromEntries(filterNames.map((name) => [name, ''])));
  return (
    <search className="grid gap-2 p-3">
      <div className="grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap">
        <div className="min-w-0 grow basis-64 max-sm:col-span-2">
          <TextFilter
            type="search"
            label="Search payments"
            hideLabel
            placeholder="Id, reference, last four, email, decline …"
            value={of('q')}
            onChange={(q) => set({ q })}
          />
        </div>
        <div>
          <SelectField
            label="Status"
            hideLabel
            size="small"
            options={[{ value: '', label: 'Status: all' }, ...statusOptions]}
            value={of('status')}
            onChange={(event) => set({ status: event.target.value })}
          />
        </div>
        <div>
          <SelectField
            label="Created"
            hideLabel
            size="small"
            options={rangeOptions}
            value={of('range')}
            onChange={(event) => {
              set({ range: event.target.value, created_after: '', created_before: '' });
            }}
          />
        </div>
        <Button
          size="small"
          icon="filter"
          aria-expanded={open}
          aria-controls="further-filters"
          onClick={() => setOpen(!open)}
        >
          {further === 0 ? 'More filters' : `More filters (${further})`}
        </Button>
        {isFiltered && (
          <Button size="small" look="quiet" icon="x" onClick={clear}>
            Clear
          </Button>
        )}
        {children}
      </div>
      {of('range') === 'custom' && <CustomRange of={of} set={set} />}
      <div id="further-filters" hidden={!open}>
        {open && <FurtherFilters of={of} set={set} />}
      </div>
    </search>
  );
}

export type FilterProps = { of: (name: string) => string; set: SetFilters };

function CustomRange({ of, set }: FilterProps): ReactNode {
  const field = (name: string, label: string) => (
    <TextField
      type="datetime-local"
      label={label}
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
