import { allCurrencies, isCurrency, isId } from 'payos-contract';
import type { ReactNode } from 'react';
import type { AddressFilters } from '../../shared/address-filters.ts';
import { amountText, parseAmount } from '../../shared/amount-input.ts';
import { TextFilter } from '../../shared/text-filter.tsx';
import { SelectField } from '../../ui/index.ts';
import { knownDeclines } from './explain.ts';

/** The filters that are not needed every day. */
export function FurtherFilters({ of, set }: AddressFilters): ReactNode {
  return (
    <div className="grid grid-cols-2 items-end gap-x-3 gap-y-2 pt-1 sm:grid-cols-3 lg:grid-cols-4">
      <CurrencyFilter of={of} set={set} />
      <AmountFilter name="amount_min" label="Amount from" of={of} set={set} />
      <AmountFilter name="amount_max" label="Amount to" of={of} set={set} />
      <TextFilter
        label="Last four digits"
        placeholder="4242"
        inputMode="numeric"
        maxLength={4}
        complain={(text) => (/^[0-9]{4}$/.test(text) ? undefined : 'Four digits.')}
        value={of('last4')}
        onChange={(last4) => set({ last4 })}
      />
      <SelectField
        label="Reason of decline"
        size="small"
        options={[
          { value: '', label: 'Whatever it was' },
          ...knownDeclines.map(({ code, text }) => ({ value: code, label: text })),
        ]}
        value={of('decline_code')}
        onChange={(event) => set({ decline_code: event.target.value })}
      />
      <TextFilter
        label="Reference"
        value={of('reference')}
        onChange={(reference) => set({ reference })}
      />
      <TextFilter
        label="Customer"
        placeholder="cus_…"
        complain={(text) => (isId('customer', text) ? undefined : 'A whole id: cus_…')}
        value={of('customer')}
        onChange={(customer) => set({ customer })}
      />
    </div>
  );
}

function CurrencyFilter({ of, set }: AddressFilters): ReactNode {
  return (
    <SelectField
      label="Currency"
      size="small"
      options={[
        { value: '', label: 'All' },
        ...allCurrencies.map((code) => ({ value: code, label: code })),
      ]}
      value={of('currency')}
      // Amounts are in the digits of the currency, so they do not outlive it.
      onChange={(event) => {
        set({ currency: event.target.value, amount_min: '', amount_max: '' });
      }}
    />
  );
}

type AmountProps = AddressFilters & { name: 'amount_min' | 'amount_max'; label: string };

/** Typed as money, kept in the address in minor units as the API takes it. */
function AmountFilter({ name, label, of, set }: AmountProps): ReactNode {
  const chosen = of('currency');
  const currency = isCurrency(chosen) ? chosen : 'EUR';
  const minor = of(name);
  const text = /^\d+$/.test(minor) ? amountText(Number(minor), currency) : minor;
  return (
    <TextFilter
      label={
        <>
          {label} <small>{currency}</small>
        </>
      }
      inputMode="decimal"
      complain={(typed) =>
        parseAmount(typed, currency) === undefined ? `Not an amount of ${currency}.` : undefined
      }
      value={text}
      onChange={(typed) => set({ [name]: String(parseAmount(typed, currency) ?? '') })}
    />
  );
}
