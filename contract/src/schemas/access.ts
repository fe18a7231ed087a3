import Type from 'typebox';
import { allPermissions } from '../permissions.ts';
import { closed, Id, Name, Nullable, Text, Time } from './common.ts';

const factorKinds = ['passkey', 'totp', 'recovery_code'] as const;
export type FactorKind = (typeof factorKinds)[number];

/** How a person proved who they are (RFC 8176 in spirit). */
export const proofs = ['password', ...factorKinds] as const;
export type Proof = (typeof proofs)[number];

const sessionStates = ['none', 'second_factor', 'enrollment', 'active'] as const;
export type SessionState = (typeof sessionStates)[number];

const unseen = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069';
const part = `[^\\s@<>"\\\\${unseen}]+`;
/** Nothing in it that is not seen or turns the direction of text. */
export const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: `^${part}@${part}$`,
  description: 'Compared without regard to case',
});
/** Long enough for any password manager; what makes it a good one is decided by the server. */
export const Password = Type.String({ minLength: 1, maxLength: 256 });
/** The secret part of a link: 256 bits in base64url. */
export const LinkToken = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const TotpCode = Type.String({ pattern: '^[0-9]{6}$' });
const RecoveryCode = Type.String({ minLength: 1, maxLength: 40 });

const Permissions = Type.Array(Type.Enum([...allPermissions]));
const OrganizationBrief = Type.Object({ id: Id('organization'), name: Type.String() });

export const Account = Type.Object({
  id: Id('account'),
  object: Type.Literal('account'),
  email: Type.String(),
  name: Type.String(),
  password_changed_at: Time,
  created_at: Time,
});
export type Account = Type.Static<typeof Account>;

/** Where a sign-in stands. Every step answers it. */
export const Session = Type.Object({
  object: Type.Literal('session'),
  state: Type.Enum([...sessionStates]),
  csrf_token: Nullable(Type.String({ description: 'To be sent as PayOS-CSRF with every change' })),
  account: Type.Union([Account, Type.Null()]),
  member: Nullable(Id('member')),
  organization: Type.Union([OrganizationBrief, Type.Null()]),
  organizations: Type.Array(OrganizationBrief, { description: 'Those one can switch to' }),
  roles: Type.Object({ test: Nullable(Type.String()), live: Nullable(Type.String()) }),
  permissions: Type.Object({ test: Permissions, live: Permissions }),
  factors: Type.Array(Type.Enum([...factorKinds]), { description: 'What can be given now' }),
  proofs: Type.Array(Type.Enum([...proofs]), { description: 'What was given in this session' }),
  factor_at: Nullable(Time),
  factor_reset: Nullable(
    Type.Enum(['pending', 'approved', 'refused'], { description: 'Of a request to enrol anew' }),
  ),
  idle_expires_at: Nullable(Time),
  expires_at: Nullable(Time),
  mail: Type.Boolean({ description: 'Whether this installation can send mail' }),
});
export type Session = Type.Static<typeof Session>;

export const PasswordSignIn = Type.Object({ email: Email, password: Password }, closed);
export const TotpSignIn = Type.Object({ code: TotpCode }, closed);
export const RecoveryCodeSignIn = Type.Object({ code: RecoveryCode }, closed);

/** What `navigator.credentials` takes; its fields are those of WebAuthn Level 3. */
export const PasskeyOptions = Type.Object({
  options: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
});
/** What `navigator.credentials` returned, as JSON (WebAuthn Level 3, §5.1). */
export const PasskeyCredential = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description: 'RegistrationResponseJSON or AuthenticationResponseJSON of WebAuthn',
});
export const PasskeySignIn = Type.Object({ credential: PasskeyCredential }, closed);
export const SwitchOrganization = Type.Object({ organization: Id('organization') }, closed);
export const StepUp = Type.Object(
  {
    method: Type.Enum(['totp', 'password', 'passkey']),
    code: Type.Optional(TotpCode),
    password: Type.Optional(Password),
    credential: Type.Optional(PasskeyCredential),
  },
  { ...closed, description: 'With the field that belongs to `method`' },
);
export type StepUp = Type.Static<typeof StepUp>;
export const RequestFactorReset = Type.Object({ reason: Text(500) }, closed);

export const UpdateAccount = Type.Object({ name: Name(200) }, closed);
export const ChangePassword = Type.Object(
  { current_password: Password, password: Password },
  closed,
);
export const ChangeEmail = Type.Object({ email: Email, password: Password }, closed);
export const LinkOnly = Type.Object({ token: LinkToken }, closed);
export const RequestPasswordReset = Type.Object({ email: Email }, closed);
export const ResetPassword = Type.Object({ token: LinkToken, password: Password }, closed);

export const Passkey = Type.Object({
  id: Id('passkey'),
  name: Type.String(),
  synced: Type.Boolean({ description: 'Kept by a password manager on several devices' }),
  created_at: Time,
  last_used_at: Nullable(Time),
});
export type Passkey = Type.Static<typeof Passkey>;
export const Factors = Type.Object({
  passkeys: Type.Array(Passkey),
  totp: Type.Union([Type.Object({ created_at: Time, last_used_at: Nullable(Time) }), Type.Null()]),
  recovery_codes: Type.Object({ left: Type.Integer() }),
  allowed: Type.Array(Type.Enum(['passkey', 'totp']), { description: 'By the organization' }),
});
export type Factors = Type.Static<typeof Factors>;
export const NewTotp = Type.Object({
  secret: Type.String({ description: 'Base32, for typing' }),
  uri: Type.String({ description: 'otpauth:// URI, for a QR code' }),
});
export type NewTotp = Type.Static<typeof NewTotp>;
export const AddPasskey = Type.Object(
  { credential: PasskeyCredential, name: Type.Optional(Name(100)) },
  closed,
);
/** After enrolling. The codes are there the first time only. */
export const Enrolled = Type.Object({
  session: Session,
  recovery_codes: Type.Array(Type.String(), { description: 'Shown once' }),
});
export type Enrolled = Type.Static<typeof Enrolled>;
export const RecoveryCodes = Type.Object({
  codes: Type.Array(Type.String(), { description: 'Ten, shown once; the old ones are void' }),
});
export type RecoveryCodes = Type.Static<typeof RecoveryCodes>;

export const AccountSession = Type.Object({
  id: Id('session'),
  current: Type.Boolean(),
  device: Type.String({ description: 'Browser and system, as it says of itself' }),
  address: Nullable(Type.String()),
  proofs: Type.Array(Type.Enum([...proofs])),
  created_at: Time,
  last_used_at: Time,
  expires_at: Time,
});
export type AccountSession = Type.Static<typeof AccountSession>;
export const AccountSessionList = Type.Object({ data: Type.Array(AccountSession) });
export type AccountSessionList = Type.Static<typeof AccountSessionList>;
export const Ended = Type.Object({ ended: Type.Integer({ description: 'How many sessions' }) });
export type Ended = Type.Static<typeof Ended>;

export const SetupPreview = Type.Object({ organization: OrganizationBrief });
export type SetupPreview = Type.Static<typeof SetupPreview>;
export const SetUp = Type.Object(
  {
    token: LinkToken,
    organization: Name(200),
    name: Name(200),
    email: Email,
    password: Password,
  },
  closed,
);
export type SetUp = Type.Static<typeof SetUp>;

export const Accepted = Type.Object({ accepted: Type.Literal(true) });
