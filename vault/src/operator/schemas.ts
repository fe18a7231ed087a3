import { schemas } from 'payos-contract';
import Type from 'typebox';

const { closed, Id, Mode, Name } = schemas;

const Purpose = Type.Enum(['card', 'fingerprint', 'idempotency']);

/** Whose keys, and which; what is left out means all. */
const which = {
  organization: Type.Optional(Id('organization')),
  mode: Type.Optional(Mode),
  purpose: Type.Optional(Purpose),
};
export const Which = Type.Object(which, closed);
export type Which = Type.Static<typeof Which>;

export const Assess = Type.Object({ days: Type.Integer({ minimum: 1, maximum: 400 }) }, closed);
export type Assess = Type.Static<typeof Assess>;

/** Who does it, for the audit log: what they say of themselves. */
const by = { by: Name(100) };

export const BeginRotation = Type.Object(
  {
    ...which,
    ...by,
    /** Only keys that have been the active ones for so long. */
    older_than_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
    /** Go on after this one. */
    after: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    dry_run: Type.Boolean(),
  },
  closed,
);
export type BeginRotation = Type.Static<typeof BeginRotation>;

export const MoveRecords = Type.Object(
  { ...which, from: Type.Integer({ minimum: 0 }), skip_broken: Type.Boolean() },
  closed,
);
export type MoveRecords = Type.Static<typeof MoveRecords>;

export const FinishRotation = Type.Object({ ...which, ...by }, closed);
export type FinishRotation = Type.Static<typeof FinishRotation>;

const keyId = Type.String({ pattern: '^[0-9a-f]{32}$' });
export const AboutKey = Type.Object({ key: keyId, ...by }, closed);
export type AboutKey = Type.Static<typeof AboutKey>;

export const DestroyKey = Type.Object(
  {
    key: keyId,
    /** The id of the key once more. */
    confirm: Type.String({ maxLength: 64 }),
    /** Do not wait; for keys of test mode. */
    at_once: Type.Boolean(),
    ...by,
  },
  closed,
);
export type DestroyKey = Type.Static<typeof DestroyKey>;

const keyring = Type.String({ minLength: 2, maxLength: 32_768 });
const share = Type.String({ minLength: 1, maxLength: 200 });

export const SplitKeyring = Type.Object(
  {
    /** Content of the keyring file. */
    keyring,
    /** Shares that open it, if it is in custody already. */
    unlock: Type.Array(share, { maxItems: 16 }),
    shares: Type.Integer({ minimum: 2, maximum: 16 }),
    threshold: Type.Integer({ minimum: 2, maximum: 16 }),
    ...by,
  },
  closed,
);
export type SplitKeyring = Type.Static<typeof SplitKeyring>;

export const SealKeyring = Type.Object(
  { keyring, passphrase: Type.String({ minLength: 1, maxLength: 1024 }), ...by },
  closed,
);
export type SealKeyring = Type.Static<typeof SealKeyring>;

export const GiveShare = Type.Object({ custodian: Name(100), share }, closed);
export type GiveShare = Type.Static<typeof GiveShare>;

export const Nothing = Type.Object({}, closed);
