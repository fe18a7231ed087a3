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
  Name,
  Nullable,
  Page,
  Text,
  Time,
} from './common.ts';

const checkoutStatuses = ['open', 'complete', 'expired'] as const;
const CheckoutStatus = Type.Enum([...checkoutStatuses]);

/** Whether the page asks for the security code of a saved card. */
export const SavedCardCode = Type.Enum(['required', 'off'], {
  description: 'Whether the security code of a saved card is asked for; `required` if left out',
});

/** Bounds of `expires_in`, in seconds. */
export const checkoutExpiry = { minimum: 300, maximum: 86_400, default: 3_600 } as const;
/** Tries to pay, after which a session ends: who tries cards out shall not do so on one page. */
export const checkoutTriesMax = 10;

const Link = (description: string) => Text(500, description);

export const CreateCheckoutSession = Type.Object(
  {
    amount: Amount,
    currency: Currency,
    reference: Name(200, 'Your own number for what is paid; the visitor sees it'),
    return_url: Link(
      'Where the visitor goes after paying; https, in test mode also http://localhost',
    ),
    cancel_url: Link('Where the visitor goes who does not pay'),
    expires_in: Type.Optional(
      Type.Integer({ ...checkoutExpiry, description: 'Seconds until nobody can pay any more' }),
    ),
    customer: Type.Optional(Id('customer', 'Whose saved cards are offered')),
    save_payment_method: Type.Optional(
      Type.Boolean({ description: 'Offer to save the card for `customer`' }),
    ),
    saved_card_code: Type.Optional(SavedCardCode),
    description: Type.Optional(Name(500, 'What is paid for; the visitor sees it')),
    metadata: Type.Optional(Metadata),
  },
  closed,
);
export type CreateCheckoutSession = Type.Static<typeof CreateCheckoutSession>;

export const CheckoutSession = Type.Object({
  id: Id('checkoutSession'),
  object: Type.Literal('checkout_session'),
  mode: Mode,
  status: CheckoutStatus,
  amount: Amount,
  currency: Type.String(),
  reference: Type.String(),
  description: Nullable(Type.String()),
  return_url: Type.String(),
  cancel_url: Type.String(),
  customer: Nullable(Type.String()),
  save_payment_method: Type.Boolean(),
  saved_card_code: SavedCardCode,
  payment: Nullable(Id('payment', 'The payment that was made, or whose outcome is still open')),
  tries: Type.Integer({ minimum: 0, description: 'How often somebody tried to pay' }),
  metadata: Type.Record(Type.String(), Type.String()),
  expires_at: Time,
  completed_at: Nullable(Time),
  created_at: Time,
  updated_at: Time,
});
export type CheckoutSession = Type.Static<typeof CheckoutSession>;

export const CheckoutSessionWithUrl = Type.Object({
  ...CheckoutSession.properties,
  url: Type.String({
    description: 'Where to send the visitor. Holds the secret of the session: shown only here',
  }),
});
export type CheckoutSessionWithUrl = Type.Static<typeof CheckoutSessionWithUrl>;

export const ListCheckoutSessions = Type.Object(
  {
    ...listQuery('checkoutSession'),
    status: Type.Optional(CheckoutStatus),
    customer: Type.Optional(Id('customer')),
    reference: Type.Optional(Text(200, 'Exactly this one')),
    ...createdQuery,
  },
  closed,
);
export type ListCheckoutSessions = Type.Static<typeof ListCheckoutSessions>;
export const CheckoutSessionPage = Page(CheckoutSession);

/**
 * Why the last try came to nothing, as far as the visitor should know: who holds a card that was
 * reported stolen is not told so.
 */
const checkoutProblems = [
  'declined',
  'insufficient_funds',
  'limit_exceeded',
  'expired_card',
  'incorrect_number',
  'incorrect_cvc',
  'authentication_required',
  'try_again',
] as const;
export type CheckoutProblem = (typeof checkoutProblems)[number];

const { bin: _bin, ...shownCard } = CardDisplay.properties;

/** What the page of a session shows to the visitor, and nothing more. */
export const CheckoutView = Type.Object({
  id: Id('checkoutSession'),
  object: Type.Literal('checkout_view'),
  mode: Mode,
  status: CheckoutStatus,
  processing: Type.Boolean({
    description: 'The outcome of a payment is open: nothing can be paid',
  }),
  try: Type.Integer({ minimum: 0, description: 'To be sent with the next try' }),
  problem: Nullable(Type.Enum([...checkoutProblems], { description: 'Of the last try' })),
  amount: Amount,
  currency: Type.String(),
  reference: Type.String(),
  description: Nullable(Type.String()),
  merchant: Type.Object({
    name: Type.String(),
    logo: Nullable(Type.String({ description: 'Path of a picture' })),
    accent: Nullable(Type.String({ description: 'Colour as `#rrggbb`' })),
    support_url: Nullable(Type.String()),
    support_email: Nullable(Type.String()),
  }),
  saved_cards: Type.Array(Type.Object({ id: Id('paymentMethod'), card: Type.Object(shownCard) })),
  saved_card_code: SavedCardCode,
  may_save: Type.Boolean(),
  collect_key: Nullable(
    Type.String({ description: 'For the secure fields: creates tokens, and nothing else' }),
  ),
  return_url: Nullable(Type.String({ description: 'Where to go once it is paid, or under way' })),
  cancel_url: Type.String(),
  expires_at: Time,
});
export type CheckoutView = Type.Static<typeof CheckoutView>;

export const ConfirmCheckout = Type.Object(
  {
    try: Type.Integer({ minimum: 0, maximum: checkoutTriesMax, description: 'As last shown' }),
    token: Type.Optional(Id('token', 'A new card; either this or `payment_method`')),
    payment_method: Type.Optional(Id('paymentMethod', 'A saved card of the session`s customer')),
    cvc_token: Type.Optional(Id('cvcToken', 'The security code, typed again for a saved card')),
    save: Type.Optional(Type.Boolean({ description: 'The visitor wants the card to be saved' })),
  },
  closed,
);
export type ConfirmCheckout = Type.Static<typeof ConfirmCheckout>;
