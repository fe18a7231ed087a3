import { isCurrency } from 'payos-contract';
import type { ReactNode } from 'react';
import { useFieldError } from '../../ui/form.tsx';
import { Button, IconButton, TextArea, TextField } from '../../ui/index.ts';
import { amountProblem, currencyOf, type LimitDraft } from './draft.ts';
import type { PartProps } from './key-form.tsx';

/** How much, how fast and for whom: what a stolen key could do at most. */
export function LimitFields({ draft, onChange }: PartProps): ReactNode {
  const open = draft.kind === 'publishable';
  return (
    <div className="grid gap-5">
      {!open && <Amounts limits={draft.limits} onChange={(limits) => onChange({ limits })} />}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          name="rate_limit"
          label="Requests per second"
          type="number"
          min={1}
          max={1_000_000}
          step={1}
          hint="Empty: as many as this installation allows."
          value={draft.rate}
          onChange={({ target }) => onChange({ rate: target.value })}
        />
        {!open && (
          <TextArea
            name="customers"
            label="Only these customers"
            rows={2}
            hint="Ids, one per line. Empty: it is bound to none in particular."
            placeholder="cus_…"
            value={draft.customers}
            onChange={({ target }) => onChange({ customers: target.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </div>
    </div>
  );
}

type AmountsProps = {
  limits: readonly LimitDraft[];
  onChange: (limits: readonly LimitDraft[]) => void;
};

function Amounts({ limits, onChange }: AmountsProps): ReactNode {
  const wrong = useFieldError('amount_limits');
  const row = Math.max(-1, ...limits.map((one) => one.row)) + 1;
  const add = () => onChange([...limits, { row, currency: '', perPayment: '', perDay: '' }]);
  const change = (at: number, part: Partial<LimitDraft>) =>
    onChange(limits.map((one) => (one.row === at ? { ...one, ...part } : one)));
  return (
    <fieldset name="amount_limits" className="grid gap-3">
      <legend className="field-label mb-1">Amounts</legend>
      <p className="field-hint">
        {limits.length === 0
          ? 'Without a line it may ask for every amount in every currency.'
          : 'Other currencies than these are refused. An empty amount is not limited.'}
      </p>
      {limits.map((limit) => (
        <AmountRow
          key={limit.row}
          limit={limit}
          onChange={(part) => change(limit.row, part)}
          onRemove={() => onChange(limits.filter((one) => one.row !== limit.row))}
        />
      ))}
      {wrong !== undefined && (
        <p className="field-error" role="alert">
          {wrong}
        </p>
      )}
      <div>
        <Button size="small" icon="plus" onClick={add}>
          Add a currency
        </Button>
      </div>
    </fieldset>
  );
}

type RowProps = {
  limit: LimitDraft;
  onChange: (part: Partial<LimitDraft>) => void;
  onRemove: () => void;
};

function AmountRow({ limit, onChange, onRemove }: RowProps): ReactNode {
  const currency = currencyOf(limit);
  const known = isCurrency(currency);
  const wrong = currency.length === 3 && !known ? 'PayOS does not know it.' : undefined;
  const amount = (label: string, text: string, name: 'perPayment' | 'perDay') => (
    <TextField
      label={
        <>
          {label} {known && <small>in {currency}</small>}
        </>
      }
      inputMode="decimal"
      autoComplete="off"
      value={text}
      error={amountProblem(text, currency)}
      onChange={({ target }) => onChange({ [name]: target.value })}
    />
  );
  return (
    <div
      className="grid grid-cols-[1fr_auto] items-start gap-2 sm:grid-cols-[6rem_1fr_1fr_auto]
        sm:gap-3"
    >
      <TextField
        label="Currency"
        placeholder="EUR"
        maxLength={3}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        required
        value={limit.currency}
        error={wrong}
        onChange={({ target }) => onChange({ currency: target.value.toUpperCase() })}
      />
      <div className="self-end sm:order-last sm:self-auto sm:pt-6">
        <IconButton
          icon="trash"
          label={`Remove the limit ${known ? `of ${currency}` : ''}`.trim()}
          onClick={onRemove}
        />
      </div>
      <div className="max-sm:col-span-2">
        {amount('Per payment', limit.perPayment, 'perPayment')}
      </div>
      <div className="max-sm:col-span-2">{amount('Per day', limit.perDay, 'perDay')}</div>
    </div>
  );
}
