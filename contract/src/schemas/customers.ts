import Type from 'typebox';
import {
  CardDisplay,
  closed,
  createdQuery,
  Id,
  listQuery,
  Metadata,
  Mode,
  Name,
  Nullable,
  Page,
  Text,
  Time,
} from './common.ts';

export const CreateCustomer = Type.Object(
  {
    reference: Type.Optional(Text(200, 'Your own number for this customer; unique')),
    name: Type.Optional(Text(200)),
    email: Type.Optional(Type.String({ maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' })),
    metadata: Type.Optional(Metadata),
  },
  closed,
);
export type CreateCustomer = Type.Static<typeof CreateCustomer>;

export const Customer = Type.Object({
  id: Id('customer'),
  object: Type.Literal('customer'),
  mode: Mode,
  reference: Nullable(Type.String()),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
  created_at: Time,
});
export type Customer = Type.Static<typeof Customer>;
export const ListCustomers = Type.Object(
  {
    ...listQuery('customer'),
    q: Type.Optional(
      Text(200, 'An id, or the beginning of an email address, of a reference, or of names'),
    ),
    reference: Type.Optional(Text(200, 'Exactly this one')),
    ...createdQuery,
  },
  closed,
);
export type ListCustomers = Type.Static<typeof ListCustomers>;
export const CustomerPage = Page(Customer);

export const PaymentMethod = Type.Object({
  id: Id('paymentMethod'),
  object: Type.Literal('payment_method'),
  mode: Mode,
  customer: Id('customer'),
  type: Type.Literal('card'),
  card: CardDisplay,
  fingerprint: Type.Optional(
    Nullable(
      Id(
        'fingerprint',
        'The same for the same card number, in this organization and mode. ' +
          'Not in events; null for one that was saved twice before that was noticed',
      ),
    ),
  ),
  created_at: Time,
  updated_at: Time,
});
export type PaymentMethod = Type.Static<typeof PaymentMethod>;
export const ListPaymentMethods = Type.Object(
  {
    ...listQuery('paymentMethod'),
    customer: Type.Optional(Id('customer')),
    fingerprint: Type.Optional(Id('fingerprint')),
    last4: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
    brand: Type.Optional(Type.String({ pattern: '^[a-z_]{1,20}$' })),
  },
  closed,
);
export type ListPaymentMethods = Type.Static<typeof ListPaymentMethods>;

export const UpdatePaymentMethod = Type.Object(
  {
    exp_month: Type.Optional(CardDisplay.properties.exp_month),
    exp_year: Type.Optional(CardDisplay.properties.exp_year),
    name: Type.Optional(Name(100, 'The name on the card; never shown again')),
  },
  { ...closed, description: 'What is left out stays' },
);
export type UpdatePaymentMethod = Type.Static<typeof UpdatePaymentMethod>;
export const PaymentMethodPage = Page(PaymentMethod);
/** Answer to every DELETE. */
export const Deleted = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });
