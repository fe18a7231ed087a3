import { schemas } from 'payos-contract';
import Type from 'typebox';

const { CardDisplay, closed, Id, Mode, Time } = schemas;

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
        cvc: Type.Optional(
          Type.String({
            description: 'Three digits, American Express four. Kept in memory only, 15 minutes',
          }),
        ),
        name: Type.Optional(Type.String({ description: 'Cardholder, 1 to 100 characters' })),
      },
      closed,
    ),
  },
  closed,
);
export type CreateToken = Type.Static<typeof CreateToken>;

/** A token as its creator sees it. Never carries the number. */
export const Token = Type.Object({
  id: Id('token'),
  object: Type.Literal('token'),
  mode: Mode,
  card: CardDisplay,
  single_use: Type.Boolean(),
  created_at: Time,
  expires_at: Time,
});
export type Token = Type.Static<typeof Token>;
