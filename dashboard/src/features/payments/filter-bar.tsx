import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useAddressFilters } from '../../shared/address-filters.ts';
import { CustomRange, RangeFilter } from '../../shared/range-filter.tsx';
import { TextFilter } from '../../shared/text-filter.tsx';
import { Button, SelectField } from '../../ui/index.ts';
import { FurtherFilters } from './further-filters.tsx';
import { countFurther, filterNames } from './payment-query.ts';
import { statusOptions } from './status.tsx';

/** Everything the list of payments can be narrowed by. */
export function PaymentFilterBar(): ReactNode {
  const [params] = useSearchParams();
  const { of, set } = useAddressFilters();
  const further = countFurther(params);
  const [open, setOpen] = useState(further > 0);
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
            placeholder="Id, reference, last four, customer, words …"
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
          <RangeFilter />
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
      </div>
      <CustomRange />
      <div id="further-filters" hidden={!open}>
        {open && <FurtherFilters of={of} set={set} />}
      </div>
    </search>
  );
}
