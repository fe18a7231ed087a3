import Type from 'typebox';
import { closed, Time } from './common.ts';

const Count = Type.Integer({ minimum: 0 });
/** Sums exceed what one payment may be. Minor units. */
const Sum = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const reportIntervals = ['hour', 'day'] as const;

export const ReportPayments = Type.Object(
  {
    from: Time,
    to: Time,
    interval: Type.Optional(
      Type.Enum([...reportIntervals], {
        default: 'day',
        description: 'Length of a step of the series: at most 8 days by hour, 100 days by day',
      }),
    ),
    time_zone: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_+/-]{1,60}$',
        default: 'UTC',
        description: 'IANA name, e.g. `Europe/Berlin`: when a day begins',
      }),
    ),
  },
  closed,
);
export type ReportPayments = Type.Static<typeof ReportPayments>;

export const ReportStep = Type.Object({
  start: Time,
  payments: Count,
  authorized: Count,
  failed: Count,
  captured: Sum,
});
export type ReportStep = Type.Static<typeof ReportStep>;

export const CurrencyReport = Type.Object({
  currency: Type.String(),
  payments: Count,
  authorized: Type.Integer({ minimum: 0, description: 'That the issuer agreed to' }),
  failed: Count,
  open: Type.Integer({ minimum: 0, description: 'Whose outcome is not known yet' }),
  success_rate: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: 'Authorized among those with an outcome; null when there are none',
  }),
  captured: Sum,
  refunded: Type.Integer({ minimum: 0, description: 'Refunds made in this time' }),
  refunds: Count,
  average: Type.Union([Count, Type.Null()], { description: 'Captured, per captured payment' }),
  series: Type.Array(ReportStep, { description: 'Every step of the time, empty ones too' }),
});
export type CurrencyReport = Type.Static<typeof CurrencyReport>;

export const PaymentReport = Type.Object({
  object: Type.Literal('payment_report'),
  from: Time,
  to: Time,
  interval: Type.Enum([...reportIntervals]),
  time_zone: Type.String(),
  currencies: Type.Array(CurrencyReport, { description: 'The one with most payments first' }),
  declines: Type.Array(Type.Object({ decline_code: Type.String(), payments: Count }), {
    description: 'The most frequent ten first',
  }),
});
export type PaymentReport = Type.Static<typeof PaymentReport>;
