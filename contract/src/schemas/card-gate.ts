import Type from 'typebox';
import { closed, Id, Mode, Name, Nullable, Time } from './common.ts';

/** What was assessed, and how (PCI DSS v4.0.1: self-assessment questionnaire D, or a report). */
const attestationLevels = [
  'saq_d_merchant',
  'saq_d_service_provider',
  'roc_merchant',
  'roc_service_provider',
] as const;

/** An attestation of compliance is renewed every year. */
export const attestationDaysMax = 366;

/** What the card gate lets through while the attestation counts. */
export const GateScopes = Type.Object(
  {
    raw_cards: Type.Boolean({ description: 'Card numbers from servers in live mode' }),
    reveal: Type.Boolean({ description: 'Reading stored card numbers' }),
  },
  closed,
);
export type GateScopes = Type.Static<typeof GateScopes>;

const hour = Type.Integer({ minimum: 1, maximum: 1_000 });
const day = Type.Integer({ minimum: 1, maximum: 5_000 });

/** How many cards may be revealed: by each key, and by all keys together. */
export const RevealLimits = Type.Object(
  { key_per_hour: hour, key_per_day: day, all_per_hour: hour, all_per_day: day },
  closed,
);
export type RevealLimits = Type.Static<typeof RevealLimits>;

const Sha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the document, hexadecimal. The document itself stays with you',
});

/** Body of `POST /v1/card_gate/attestations`. */
export const RequestCardGate = Type.Object(
  {
    level: Type.Enum([...attestationLevels]),
    assessor: Name(200, 'Who assessed, or who signed the self-assessment'),
    document_sha256: Sha256,
    valid_from: Type.Optional(Time),
    valid_until: Type.String({
      format: 'date-time',
      description: `At most ${attestationDaysMax} days after valid_from`,
    }),
    scopes: GateScopes,
    limits: Type.Optional(
      Type.Partial(RevealLimits, { ...closed, description: 'Of reveals; small unless you say so' }),
    ),
  },
  closed,
);
export type RequestCardGate = Type.Static<typeof RequestCardGate>;

/**
 * Why the gate was closed: by a person, or by PayOS itself because of an incident. What is one:
 * docs/card-gate.md.
 */
const gateClosings = [
  'person',
  'key_exposed',
  'card_data_found',
  'reveal_limits',
  'reveal_refusals',
] as const;
export type GateClosing = (typeof gateClosings)[number];

/** Somebody who acted, as they are called now; null: PayOS itself. */
const Who = Nullable(Type.String());

export const CardGateAttestation = Type.Object({
  id: Id('attestation'),
  object: Type.Literal('card_gate_attestation'),
  mode: Mode,
  level: Type.Enum([...attestationLevels]),
  assessor: Type.String(),
  document_sha256: Sha256,
  valid_from: Time,
  valid_until: Time,
  scopes: GateScopes,
  limits: RevealLimits,
  /**
   * `scheduled`: approved, and its time has not come. `replaced`: a later one counts in its place.
   */
  status: Type.Enum([
    'requested',
    'scheduled',
    'open',
    'replaced',
    'expired',
    'rejected',
    'closed',
  ]),
  requested_by: Id('member'),
  requested_at: Time,
  decided_by: Nullable(Id('member')),
  decided_at: Nullable(Time),
  closed_by: Who,
  closed_at: Nullable(Time),
  closed_cause: Nullable(
    Type.Enum([...gateClosings], { description: 'person, or the incident that closed it' }),
  ),
  closed_reason: Nullable(Type.String()),
});
export type CardGateAttestation = Type.Static<typeof CardGateAttestation>;

export const CardGateAttestationList = Type.Object({ data: Type.Array(CardGateAttestation) });
export type CardGateAttestationList = Type.Static<typeof CardGateAttestationList>;

/** The gate of one mode, as it stands. */
export const CardGate = Type.Object({
  object: Type.Literal('card_gate'),
  mode: Mode,
  /** What passes now. */
  scopes: GateScopes,
  /** The attestation that counts now; null: the gate is closed. */
  open: Nullable(CardGateAttestation),
  /** What waits for another person. */
  requested: Nullable(CardGateAttestation),
  /** While nothing is open: what was closed last, with the cause. */
  closed: Nullable(CardGateAttestation),
});
export type CardGate = Type.Static<typeof CardGate>;

/** Body of `POST /v1/card_gate/close`. */
export const CloseCardGate = Type.Object({ reason: Name(500) }, closed);
export type CloseCardGate = Type.Static<typeof CloseCardGate>;
