import Type from 'typebox';
import {
  Amount,
  CardDisplay,
  Currency,
  closed,
  createdQuery,
  Id,
  listQuery,
  Metadata,
  Mode,
  Nullable,
  Page,
  Text,
  Time,
  Total,
} from './common.ts';

export const paymentStatuses = [
  'processing',
  'requires_capture',
  'succeeded',
  'failed',
  'canceled',
] as const;
export const PaymentStatus = Type.Enum([...paymentStatuses]);
export type PaymentStatus = (typeof paymentStatuses)[number];

const attemptStates = ['sending', 'succeeded', 'declined', 'failed', 'unknown'] as const;
export type AttemptState = (typeof attemptStates)[number];
const attemptKinds = ['authorize', 'capture', 'cancel', 'refund'] as const;
export type AttemptKind = (typeof attemptKinds)[number];

/** Who started a payment: decides how the issuer looks at it. */
const InitiatedBy = Type.Enum(['customer', 'merchant']);

export const CreatePayment = Type.Object(
  {
    amount: Amount,
    currency: Currency,
    token: Type.Optional(Id('token', 'A token from the vault; either this or `payment_method`')),
    payment_method: Type.Optional(Id('paymentMethod', 'A saved card')),
    cvc_token: Type.Optional(
      Id('cvcToken', 'The security code of the saved card, which its holder has just typed'),
    ),
    capture: Type.Optional(Type.Enum(['automatic', 'manual'])),
    reference: Type.Optional(Text(200, 'Your own number for this payment')),
    description: Type.Optional(Text(500)),
    metadata: Type.Optional(Metadata),
    save_for: Type.Optional(
      Text(200, 'Save the card for this customer: a `cus_…` id, or your own customer reference'),
    ),
    initiated_by: Type.Optional(InitiatedBy),
  },
  closed,
);
export type CreatePayment = Type.Static<typeof CreatePayment>;

export const CapturePayment = Type.Object(
  { amount: Type.Optional(Amount) },
  { ...closed, description: 'Without `amount`, everything that was authorized' },
);
export const CancelPayment = Type.Object({ reason: Type.Optional(Text(200)) }, closed);

export const Attempt = Type.Object({
  id: Id('attempt'),
  kind: Type.Enum([...attemptKinds]),
  refund: Nullable(Id('refund', 'Which refund it made')),
  state: Type.Enum([...attemptStates]),
  processor: Type.String(),
  processor_reference: Nullable(Type.String()),
  amount: Amount,
  decline_code: Nullable(Type.String()),
  failure: Nullable(Type.String()),
  cvc_check: Nullable(Type.String()),
  created_at: Time,
  finished_at: Nullable(Time),
});
export type Attempt = Type.Static<typeof Attempt>;

export const Payment = Type.Object({
  id: Id('payment'),
  object: Type.Literal('payment'),
  mode: Mode,
  status: PaymentStatus,
  amount: Amount,
  currency: Type.String(),
  amount_captured: Total,
  amount_refunded: Total,
  amount_refundable: Total,
  capture: Type.Enum(['automatic', 'manual']),
  initiated_by: InitiatedBy,
  card: CardDisplay,
  token: Nullable(Type.String()),
  payment_method: Nullable(Type.String()),
  customer: Nullable(Type.String()),
  checkout_session: Nullable(Type.String()),
  reference: Nullable(Type.String()),
  description: Nullable(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
  decline_code: Nullable(Type.String()),
  failure: Nullable(Type.String()),
  created_at: Time,
  updated_at: Time,
});
export type Payment = Type.Static<typeof Payment>;

export const PaymentWithAttempts = Type.Object({
  ...Payment.properties,
  attempts: Type.Array(Attempt),
});

export const ListPayments = Type.Object(
  {
    ...listQuery('payment'),
    q: Type.Optional(
      Text(
        200,
        'One box for all: the id of a payment, attempt, refund, customer, token, saved card, ' +
          'event or (for 30 days) request; the last four digits of a card; the beginning of the ' +
          'reference, of words of the description, or, with the permission to see customers, of ' +
          'their name, email or reference',
      ),
    ),
    status: Type.Optional(
      Text(100, `One or several of ${paymentStatuses.join(', ')}, separated by commas`),
    ),
    refunded: Type.Optional(Type.Boolean({ description: 'In part or in full' })),
    currency: Type.Optional(Currency),
    amount_min: Type.Optional(Amount),
    amount_max: Type.Optional(Amount),
    customer: Type.Optional(Id('customer')),
    reference: Type.Optional(Text(200, 'Exactly this one')),
    last4: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
    decline_code: Type.Optional(Text(60)),
    ...createdQuery,
  },
  closed,
);
export type ListPayments = Type.Static<typeof ListPayments>;
export const PaymentPage = Page(Payment);

const refundStatuses = ['pending', 'succeeded', 'failed'] as const;
export const CreateRefund = Type.Object(
  {
    payment: Id('payment'),
    amount: Type.Optional(Amount),
    reason: Type.Optional(Text(200)),
    metadata: Type.Optional(Metadata),
  },
  { ...closed, description: 'Without `amount`, everything that is left' },
);
export type CreateRefund = Type.Static<typeof CreateRefund>;

export const Refund = Type.Object({
  id: Id('refund'),
  object: Type.Literal('refund'),
  mode: Mode,
  payment: Id('payment'),
  status: Type.Enum([...refundStatuses]),
  amount: Amount,
  currency: Type.String(),
  reason: Nullable(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
  failure: Nullable(Type.String()),
  created_at: Time,
  updated_at: Time,
});
export type Refund = Type.Static<typeof Refund>;
export const ListRefunds = Type.Object(
  {
    ...listQuery('refund'),
    payment: Type.Optional(Id('payment')),
    status: Type.Optional(Refund.properties.status),
    ...createdQuery,
  },
  closed,
);
export type ListRefunds = Type.Static<typeof ListRefunds>;
export const RefundPage = Page(Refund);
