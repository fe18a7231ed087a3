import { schemas } from 'payos-contract';
import Type from 'typebox';

const { CardDisplay, closed, Id, Mode, Time } = schemas;

const SecurityCode = Type.String({
  description: 'Three digits, American Express four. Kept in memory only, 15 minutes',
});

/** Body of `POST /v1/tokens`. Ranges are described here and checked in `parse-card.ts`. */
export const CreateToken = Type.Object(
  {
    type: Type.Literal('card'),
    card: Type.Object(
      {
        number: Type.String({
          description: '12 to 19 digits; single spaces or dashes between groups are tolerated',
        }),
        exp_month: Type.Integer({ description: '1 to 12' }),
        exp_year: Type.Integer({ description: 'Four digits, e.g. 2031' }),
        cvc: Type.Optional(SecurityCode),
        name: Type.Optional(Type.String({ description: 'Cardholder, 1 to 100 characters' })),
      },
      closed,
    ),
    expires_in: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: 86_400,
        description: 'Seconds; an hour if left out, and at most with a publishable key',
      }),
    ),
    single_use: Type.Optional(
      Type.Boolean({
        description: 'With `false` it pays as often as asked until it expires. Secret keys only',
      }),
    ),
  },
  closed,
);
export type CreateToken = Type.Static<typeof CreateToken>;

/** The other body: the security code alone, of a card that is saved already. */
export const CreateCvcToken = Type.Object(
  { type: Type.Literal('cvc'), cvc: SecurityCode },
  { ...closed, description: 'The security code of a saved card, asked for once more' },
);
export type CreateCvcToken = Type.Static<typeof CreateCvcToken>;

const { bin, funding, country, ...shownToAll } = CardDisplay.properties;

/** A token as its creator sees it. Never carries the number. */
export const Token = Type.Object({
  id: Id('token'),
  object: Type.Literal('token'),
  mode: Mode,
  card: Type.Object({
    ...shownToAll,
    bin: Type.Optional(
      Type.String({
        ...bin,
        description: 'First six digits; like what follows, not for publishable keys',
      }),
    ),
    funding: Type.Optional(funding),
    country: Type.Optional(country),
  }),
  single_use: Type.Boolean(),
  created_at: Time,
  expires_at: Time,
});
export type Token = Type.Static<typeof Token>;

/** Stands for a security code alone: `cvc_token` of one payment with a saved card. */
export const CvcToken = Type.Object(
  {
    id: Id('cvcToken'),
    object: Type.Literal('cvc_token'),
    mode: Mode,
    created_at: Time,
    expires_at: Time,
  },
  { description: 'Stands for a security code, for one payment with a saved card' },
);
export type CvcToken = Type.Static<typeof CvcToken>;
