import Type from 'typebox';
import { closed, Id, Mode, Nullable, Time } from './common.ts';

/** Most characters of what names a place. */
export const placeMax = 200;

const Place = Type.String({
  maxLength: placeMax,
  description: 'The route of an answer, the type of an event, the template of a mail, whose log',
});
const Count = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** What looked like card numbers was found where none may be, and taken out. Never the number. */
export const CardDataFinding = Type.Object({
  id: Id('finding'),
  object: Type.Literal('card_data_finding'),
  mode: Mode,
  stream: Type.Enum(['answer', 'webhook', 'mail', 'log']),
  place: Place,
  count: Type.Integer({ minimum: 1, description: 'Since this cause was told of last' }),
  request: Nullable(Type.String({ description: 'The last request in which it was found' })),
  found_at: Time,
});
export type CardDataFinding = Type.Static<typeof CardDataFinding>;

/** Vault → server, `POST /internal/card-data-found`. */
export const ReportCardData = Type.Object(
  {
    stream: Type.Enum(['answer', 'log']),
    place: Place,
    count: Count,
    request: Type.Optional(Id('request')),
    organization: Type.Optional(Id('organization')),
    mode: Type.Optional(Mode),
    key: Type.Optional(Type.String({ maxLength: 60, description: 'To whom it was answered' })),
  },
  closed,
);
export type ReportCardData = Type.Static<typeof ReportCardData>;
export const CardDataReported = Type.Object({ accepted: Type.Literal(true) });
