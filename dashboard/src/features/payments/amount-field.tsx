import type { ReactNode } from 'react';
import { parseAmount } from '../../shared/amount-input.ts';
import { formatMoney, TextField } from '../../ui/index.ts';

type Props = {
  label: string;
  currency: string;
  /** The largest that may be given, in minor units. */
  max: number;
  text: string;
  onText: (text: string) => void;
};

/** An amount, typed in the digits of its currency; says back what was understood. */
export function AmountField({ label, currency, max, text, onText }: Props): ReactNode {
  const amount = parseAmount(text, currency);
  const isEmpty = text.trim() === '';
  const most = formatMoney(max, currency);
  const wrong =
    amount === undefined
      ? `That is not an amount of ${currency}.`
      : amount > max
        ? `At most ${most}.`
        : undefined;
  return (
    <TextField
      label={
        <>
          {label} <small>in {currency}</small>
        </>
      }
      name="amount"
      inputMode="decimal"
      autoComplete="off"
      required
      value={text}
      onChange={(event) => onText(event.target.value)}
      error={isEmpty ? undefined : wrong}
      hint={
        amount === undefined ? `At most ${most}` : `${formatMoney(amount, currency)} of ${most}`
      }
    />
  );
}
