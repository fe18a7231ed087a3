import Type from 'typebox';
import { CardGateAttestation } from './card-gate.ts';
import { closed, Id, Mode, Nullable, Time } from './common.ts';
import { ApiKeyEntry } from './keys.ts';

/** What an assessor is told looks back this many days unless asked otherwise. */
export const assessedDays = 90;

export const AskAssessment = Type.Object(
  {
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400 })),
    organization: Type.Optional(Id('organization')),
  },
  closed,
);
export type AskAssessment = Type.Static<typeof AskAssessment>;

/** Somebody who may let others in, hold keys, change the rules or reach cards. */
export const AssessedMember = Type.Object({
  member: Id('member'),
  name: Type.String(),
  email: Type.String(),
  status: Type.String(),
  roles: Type.Object({ test: Nullable(Type.String()), live: Nullable(Type.String()) }),
  sensitive: Type.Array(Type.String(), { description: 'Permissions, of either mode' }),
  passkeys: Type.Integer(),
  totp: Type.Boolean(),
  last_seen_at: Nullable(Time),
});
export type AssessedMember = Type.Static<typeof AssessedMember>;

export const AssessedKey = Type.Object({
  key: Id('apiKey'),
  mode: Mode,
  kind: ApiKeyEntry.properties.kind,
  name: Type.String(),
  status: ApiKeyEntry.properties.status,
  created_at: Time,
  due_at: Nullable(Time),
  overdue: Type.Boolean(),
  has_ip_list: Type.Boolean(),
  last_used_at: Nullable(Time),
  exposed_at: Nullable(Time),
});
export type AssessedKey = Type.Static<typeof AssessedKey>;

/** A request to open the card gate, or what came of one. */
export const AssessedGate = Type.Object({
  attestation: Id('attestation'),
  mode: Mode,
  standing: CardGateAttestation.properties.status,
  level: CardGateAttestation.properties.level,
  assessor: Type.String(),
  document_sha256: Type.String(),
  valid_from: Time,
  valid_until: Time,
  raw_cards: Type.Boolean(),
  reveal: Type.Boolean(),
  requested_by: Nullable(Type.String()),
  requested_at: Time,
  decided_by: Nullable(Type.String()),
  decided_at: Nullable(Time),
  closed_at: Nullable(Time),
  closed_reason: Nullable(Type.String()),
});
export type AssessedGate = Type.Static<typeof AssessedGate>;

export const AssessedOrganization = Type.Object({
  id: Id('organization'),
  name: Type.String(),
  /** Keys that work. */
  keys: Type.Array(AssessedKey),
  /** Keys that turned cards into tokens, ended ones included. */
  tokenizing: Type.Array(
    Type.Object({
      key: Id('apiKey'),
      mode: Mode,
      kind: ApiKeyEntry.properties.kind,
      requests: Type.Integer({ description: 'Ever, not only in the time asked about' }),
      last_used_at: Time,
    }),
  ),
  /** Sessions of the hosted page, of that time. */
  checkout: Type.Array(Type.Object({ mode: Mode, sessions: Type.Integer(), paid: Type.Integer() })),
  members: Type.Array(AssessedMember),
  gates: Type.Array(AssessedGate),
  /** Where cards may be forwarded to, ended ones included. */
  destinations: Type.Array(
    Type.Object({
      destination: Id('forwardDestination'),
      mode: Mode,
      name: Type.String(),
      url: Type.String(),
      status: Type.String(),
      requested_by: Nullable(Type.String()),
      decided_by: Nullable(Type.String()),
      decided_at: Nullable(Time),
      forwards: Type.Integer(),
    }),
  ),
  /** What revealed cards are sealed to, ended ones included. */
  reveal_keys: Type.Array(
    Type.Object({
      reveal_key: Id('revealKey'),
      mode: Mode,
      name: Type.String(),
      thumbprint: Type.String(),
      status: Type.String(),
      requested_by: Nullable(Type.String()),
      decided_by: Nullable(Type.String()),
      decided_at: Nullable(Time),
      reveals: Type.Integer(),
    }),
  ),
  audit: Type.Object({
    entries: Type.Integer(),
    first_at: Nullable(Time),
    last_at: Nullable(Time),
  }),
});
export type AssessedOrganization = Type.Static<typeof AssessedOrganization>;

/** `GET /operator/assessment`: what the control plane knows that a PCI DSS assessor asks about. */
export const Assessment = Type.Object({
  object: Type.Literal('assessment'),
  at: Time,
  since: Time,
  versions: Type.Object({ node: Type.String(), openssl: Type.String(), postgresql: Type.String() }),
  urls: Type.Object({ api: Type.String(), vault: Type.String() }),
  weakened: Type.Array(
    Type.Object({ setting: Type.String(), value: Type.String(), means: Type.String() }),
  ),
  /** Card numbers that the last net found in that time: where and how many. */
  found: Type.Array(
    Type.Object({
      organization: Nullable(Id('organization')),
      mode: Nullable(Mode),
      stream: Type.String(),
      place: Type.String(),
      found: Type.Integer({ description: 'Ever, not only in the time asked about' }),
      first_at: Time,
      last_at: Time,
    }),
  ),
  organizations: Type.Array(AssessedOrganization),
});
export type Assessment = Type.Static<typeof Assessment>;
