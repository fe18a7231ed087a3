import Type from 'typebox';
import { closed, Id, listQuery, Mode, Name, Nullable, Page, Text, Time } from './common.ts';

/** A public key as JWK (RFC 7517): RSA of 3072 bits and more, or P-256. */
export const RevealPublicKey = Type.Object(
  {
    kty: Type.Enum(['RSA', 'EC']),
    n: Type.Optional(Text(1400)),
    e: Type.Optional(Text(8)),
    crv: Type.Optional(Type.Literal('P-256')),
    x: Type.Optional(Text(64)),
    y: Type.Optional(Text(64)),
  },
  closed,
);
export type RevealPublicKey = Type.Static<typeof RevealPublicKey>;

/** Body of `POST /v1/reveal_keys`. */
export const CreateRevealKey = Type.Object(
  {
    name: Name(100, 'Where the private key is, and who looks after it'),
    public_key: RevealPublicKey,
  },
  closed,
);
export type CreateRevealKey = Type.Static<typeof CreateRevealKey>;

/** Cards may be sealed to it once a second person has approved it. */
export const RevealKey = Type.Object({
  id: Id('revealKey'),
  object: Type.Literal('reveal_key'),
  mode: Mode,
  name: Type.String(),
  public_key: RevealPublicKey,
  thumbprint: Type.String({ description: 'RFC 7638, SHA-256, base64url: compare it out of band' }),
  status: Type.Enum(['requested', 'approved', 'removed']),
  requested_by: Id('member'),
  requested_at: Time,
  decided_by: Nullable(Id('member')),
  decided_at: Nullable(Time),
  removed_by: Nullable(Id('member')),
  removed_at: Nullable(Time),
});
export type RevealKey = Type.Static<typeof RevealKey>;
export const RevealKeyList = Type.Object({ data: Type.Array(RevealKey) });
export type RevealKeyList = Type.Static<typeof RevealKeyList>;

const revealReasons = ['dispute', 'fraud_review', 'migration', 'legal_request', 'other'] as const;

const RevealReason = Type.Object(
  { code: Type.Enum([...revealReasons]), text: Name(300, 'For whoever looks at it later') },
  closed,
);

/** Body of `POST /v1/reveals` on the vault's origin. Names a saved card by either id. */
export const CreateReveal = Type.Object(
  {
    token: Type.Optional(Id('token')),
    payment_method: Type.Optional(Id('paymentMethod')),
    recipient: Id('revealKey', 'To which the card is sealed'),
    reason: RevealReason,
  },
  closed,
);
export type CreateReveal = Type.Static<typeof CreateReveal>;

const facts = {
  id: Id('reveal'),
  token: Id('token'),
  payment_method: Nullable(Id('paymentMethod')),
  recipient: Id('revealKey'),
  reason: RevealReason,
};

/** That a card was revealed: never the card. */
export const Reveal = Type.Object({
  ...facts,
  object: Type.Literal('reveal'),
  mode: Mode,
  key: Id('apiKey'),
  address: Type.String(),
  created_at: Time,
});
export type Reveal = Type.Static<typeof Reveal>;
export const ListReveals = Type.Object(listQuery('reveal'), closed);
export type ListReveals = Type.Static<typeof ListReveals>;
export const RevealPage = Page(Reveal);

/** What the vault answers: the card is in `jwe`, for whoever has the private key. */
export const SealedCard = Type.Object({
  id: Id('reveal'),
  object: Type.Literal('sealed_card'),
  mode: Mode,
  token: Id('token'),
  recipient: Id('revealKey'),
  jwe: Type.String({ description: 'Compact JWE (RFC 7516), A256GCM' }),
});
export type SealedCard = Type.Static<typeof SealedCard>;

const scope = { organization: Id('organization'), mode: Mode };

/** Vault → server, `POST /internal/find-card`: which token a saved card has. */
export const FindCard = Type.Object({ ...scope, payment_method: Id('paymentMethod') }, closed);
export type FindCard = Type.Static<typeof FindCard>;
export const FoundCard = Type.Object({ token: Id('token') });

/**
 * Vault → server, `POST /internal/record-reveal`: asked before a sealed card is handed out, and
 * answered once it is on record. The same id may be told twice.
 */
export const RecordReveal = Type.Object(
  { ...facts, ...scope, key: Id('apiKey'), address: Type.String({ maxLength: 45 }) },
  closed,
);
export type RecordReveal = Type.Static<typeof RecordReveal>;
/** Refusals of a reveal that are counted: too many within an hour close the card gate. */
export const countedRefusals = [
  'reveal_limit_exceeded',
  'not_found',
  'permission_denied',
  'reveal_key_unusable',
  'ip_not_allowed',
] as const;

/**
 * Vault → server, `POST /internal/reveal-refused`: a key that may read cards was refused one.
 * Answered once it is counted, and once the gate is closed everywhere, should it close by that.
 */
export const RevealRefused = Type.Object(
  {
    ...scope,
    key: Id('apiKey'),
    code: Type.Enum([...countedRefusals]),
    address: Type.String({ maxLength: 45 }),
  },
  closed,
);
export type RevealRefused = Type.Static<typeof RevealRefused>;
export const RefusalNoted = Type.Object({ noted: Type.Literal(true) });
export const RevealRecorded = Type.Object({ recorded: Type.Literal(true) });
