import Type from 'typebox';
import { CardDisplay, Id, Mode, Nullable, Time } from './common.ts';

const tokenStatuses = ['ready', 'used', 'expired', 'saved'] as const;

/** What may be shown of a token to the merchant's server. */
export const TokenDetails = Type.Object({
  id: Id('token'),
  object: Type.Literal('token'),
  mode: Mode,
  status: Type.Enum([...tokenStatuses], {
    description: '`ready` to be paid with; `saved`: stands for a payment method from now on',
  }),
  single_use: Type.Boolean({
    description: 'Of a token that pays once; one that pays several times stays `ready`',
  }),
  card: CardDisplay,
  fingerprint: Nullable(
    Id('fingerprint', 'The same for the same card number; null once the card is gone'),
  ),
  created_at: Time,
  expires_at: Nullable(Time),
});
export type TokenDetails = Type.Static<typeof TokenDetails>;
