import { amountMax } from 'payos-contract';
import Type from 'typebox';
import { Compile } from 'typebox/compile';

const closed = { additionalProperties: false } as const;
const Key = Type.String({ minLength: 1, maxLength: 255 });
const Amount = Type.Integer({ minimum: 1, maximum: amountMax });
const Ratio = Type.Number({ minimum: 0, maximum: 1 });

/** `exp_month` and `exp_year` may be numbers or text. The year has two or four digits. */
const Card = Type.Object(
  {
    number: Type.String({ pattern: '^[0-9]{12,19}$' }),
    exp_month: Type.Union([
      Type.Integer({ minimum: 1, maximum: 12 }),
      Type.String({ pattern: '^(0?[1-9]|1[0-2])$' }),
    ]),
    exp_year: Type.Union([
      Type.Integer({ minimum: 0, maximum: 2099 }),
      Type.String({ pattern: '^(20)?[0-9]{2}$' }),
    ]),
    code: Type.Optional(Type.String({ pattern: '^[0-9]{3,4}$' })),
    name: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);

const CreateCharge = Type.Object(
  {
    idempotency_key: Key,
    amount: Amount,
    currency: Type.String({ pattern: '^[A-Za-z]{3}$' }),
    capture: Type.Boolean(),
    card: Card,
    initiated_by: Type.Union([Type.Literal('customer'), Type.Literal('merchant')]),
    reference: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);
export type CreateCharge = Type.Static<typeof CreateCharge>;

const WithAmount = Type.Object({ idempotency_key: Key, amount: Amount }, closed);
const WithoutAmount = Type.Object({ idempotency_key: Key }, closed);

const Faults = Type.Object(
  {
    latency_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 30_000 })),
    outage: Type.Optional(Type.Boolean()),
    drop_after_charge_ratio: Type.Optional(Ratio),
    not_recorded_drop_ratio: Type.Optional(Ratio),
  },
  closed,
);

/** Bodies of the API. Unknown members are refused, nothing is coerced. */
export const bodies = {
  charge: Compile(CreateCharge),
  amount: Compile(WithAmount),
  key: Compile(WithoutAmount),
  faults: Compile(Faults),
};
