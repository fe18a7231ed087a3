import Type from 'typebox';
import { allPermissions } from '../permissions.ts';
import {
  Amount,
  Currency,
  closed,
  Id,
  listQuery,
  Mode,
  Name,
  Nullable,
  Page,
  Text,
  Time,
} from './common.ts';

const PermissionName = Type.Enum([...allPermissions]);

const apiKeyKinds = ['secret', 'publishable', 'signing'] as const;
/**
 * `retiring`: it has a successor and works until `retires_at`. `expired`: it came to its end by
 * `expires_at`, `retires_at` or the rules of the organization.
 */
const apiKeyStatuses = ['active', 'retiring', 'disabled', 'expired', 'revoked'] as const;
export const exposures = ['plain_http', 'leak_report', 'url', 'browser'] as const;

/** The longest that a rotated key may go on beside its successor, in seconds: seven days. */
const overlapMax = 7 * 86_400;

/** What a key may ask for in one currency, in minor units; null: any amount. */
const AmountLimit = Type.Object(
  {
    currency: Currency,
    per_payment: Nullable(Amount),
    per_day: Nullable(Amount),
  },
  closed,
);
export type AmountLimit = Type.Static<typeof AmountLimit>;

export const ApiKey = Type.Object({
  id: Id('apiKey'),
  object: Type.Literal('api_key'),
  organization: Id('organization'),
  mode: Mode,
  kind: Type.Enum([...apiKeyKinds]),
  name: Type.String(),
  service: Nullable(Type.String({ description: 'What uses it' })),
  hint: Type.String({ description: 'Beginning and end of the key, to recognize it by' }),
  status: Type.Enum([...apiKeyStatuses]),
  permissions: Type.Array(Type.String()),
  ip_ranges: Type.Array(Type.String({ description: 'CIDR; empty list: every address' })),
  allowed_origins: Type.Array(
    Type.String({ description: 'Of a publishable key; empty list: every page' }),
  ),
  amount_limits: Type.Array(AmountLimit, {
    description: 'Empty list: every amount; else other currencies are refused',
  }),
  customers: Type.Array(Id('customer'), {
    description: 'Empty list: bound to none in particular',
  }),
  rate_limit: Nullable(Type.Integer()),
  api_version: Type.String(),
  owner: Nullable(Id('member')),
  predecessor: Nullable(Id('apiKey')),
  successor: Nullable(Id('apiKey')),
  created_at: Time,
  updated_at: Time,
  expires_at: Nullable(Time),
  retires_at: Nullable(Time),
  disabled_at: Nullable(Time),
  disabled_reason: Nullable(Type.String()),
  exposed_at: Nullable(Time),
  exposed_how: Nullable(Type.Enum([...exposures])),
  exposed_where: Nullable(
    Type.String({ description: 'The address it came from, or the URL where it was found' }),
  ),
  revoked_at: Nullable(Time),
  revoked_reason: Nullable(Type.String()),
});
export type ApiKey = Type.Static<typeof ApiKey>;

/** A key as lists and pages show it: with what follows from rules, owner and use. */
export const ApiKeyEntry = Type.Object({
  ...ApiKey.properties,
  owner_name: Nullable(Type.String()),
  last_used_at: Nullable(Time),
  due_at: Nullable(Type.String({ ...Time, description: 'When the rules want it replaced' })),
  beyond_owner: Type.Array(Type.String(), {
    description: 'Permissions that its owner does not have any more',
  }),
});
export type ApiKeyEntry = Type.Static<typeof ApiKeyEntry>;
export const ApiKeyPage = Page(ApiKeyEntry);

/** How far a change has come: which of the processes that were alive have heard of it. */
export const Propagation = Type.Object({
  nodes: Type.Integer({ description: 'Processes that remember keys, at the time of the change' }),
  acknowledged: Type.Integer(),
  milliseconds: Nullable(
    Type.Number({ description: 'From the change to the last acknowledgement so far' }),
  ),
  waiting: Type.Array(
    Type.Object({ node: Type.String(), kind: Type.Enum(['server', 'vault']), seen_at: Time }),
    { description: 'Those silent so far: they trust nothing they remember for over a second' },
  ),
});
export type Propagation = Type.Static<typeof Propagation>;

export const ApiKeyDetail = Type.Object({
  ...ApiKeyEntry.properties,
  last_change: Nullable(Type.Object({ ...Propagation.properties, at: Time })),
});
export type ApiKeyDetail = Type.Static<typeof ApiKeyDetail>;

/** A key after a change that every process has to hear of. */
export const ChangedApiKey = Type.Object({ ...ApiKey.properties, propagation: Propagation });
export type ChangedApiKey = Type.Static<typeof ChangedApiKey>;

const secret = {
  key: Nullable(
    Type.String({ description: 'Shown once; null of a signing key, or where it is in `key_jwe`' }),
  ),
  key_jwe: Nullable(
    Type.String({ description: 'The key, encrypted to `encrypt_to`: compact JWE (RFC 7516)' }),
  ),
};
export const ApiKeyWithSecret = Type.Object({ ...ApiKey.properties, ...secret });
export type ApiKeyWithSecret = Type.Static<typeof ApiKeyWithSecret>;

/** A public key of the caller: RSA of 2048 bits and more, P-256 or X25519 (RFC 7517). */
export const EncryptTo = Type.Object(
  {
    kty: Type.Enum(['RSA', 'EC', 'OKP']),
    crv: Type.Optional(Type.Enum(['P-256', 'X25519'])),
    n: Type.Optional(Text(1400)),
    e: Type.Optional(Text(8)),
    x: Type.Optional(Text(64)),
    y: Type.Optional(Text(64)),
    kid: Type.Optional(Text(200)),
    use: Type.Optional(Type.Literal('enc')),
    alg: Type.Optional(Type.Enum(['RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A256KW'])),
  },
  closed,
);
export type EncryptTo = Type.Static<typeof EncryptTo>;

const rights = {
  permissions: Type.Array(PermissionName, {
    minItems: 1,
    maxItems: 100,
    uniqueItems: true,
    description: 'At most what you may do yourself',
  }),
  ip_ranges: Type.Array(Type.String({ minLength: 2, maxLength: 49, description: 'CIDR' }), {
    maxItems: 100,
    uniqueItems: true,
  }),
  allowed_origins: Type.Array(
    Type.String({ minLength: 8, maxLength: 300, description: 'e.g. `https://shop.example`' }),
    { maxItems: 50, uniqueItems: true, description: 'Of a publishable key' },
  ),
  amount_limits: Type.Array(AmountLimit, { maxItems: 50 }),
  customers: Type.Array(Id('customer'), { maxItems: 100, uniqueItems: true }),
  rate_limit: Nullable(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Requests per second' }),
  ),
  expires_at: Nullable(Time),
};
const identity = { name: Name(200), service: Nullable(Name(60, 'What uses it')) };

export const CreateApiKey = Type.Object(
  {
    ...identity,
    ...Type.Partial(Type.Object(rights)).properties,
    service: Type.Optional(identity.service),
    kind: Type.Optional(Type.Enum([...apiKeyKinds])),
    public_key: Type.Optional(
      Text(1000, 'Of a signing key: Ed25519, as PEM, JWK or base64 of 32 bytes'),
    ),
    encrypt_to: Type.Optional(EncryptTo),
  },
  closed,
);
export type CreateApiKey = Type.Static<typeof CreateApiKey>;

export const OperatorCreateApiKey = Type.Object(
  {
    ...CreateApiKey.properties,
    organization: Type.Optional(
      Id('organization', 'May be left out while there is only one organization'),
    ),
    mode: Mode,
    owner: Type.Optional(
      Text(254, 'Email address of the member whose key it is; the key can end with them'),
    ),
  },
  closed,
);
export type OperatorCreateApiKey = Type.Static<typeof OperatorCreateApiKey>;

export const UpdateApiKey = Type.Partial(
  Type.Object(
    { ...identity, ...rights, owner: Id('member', 'Who looks after it from now on') },
    closed,
  ),
  { ...closed, minProperties: 1 },
);
export type UpdateApiKey = Type.Static<typeof UpdateApiKey>;

const Overlap = Type.Integer({
  minimum: 0,
  maximum: overlapMax,
  description: 'Seconds during which both work; 86400 unless said otherwise',
});
/** Of a key that rolls itself: nothing but this. */
export const RollApiKey = Type.Object(
  { overlap_seconds: Type.Optional(Overlap), encrypt_to: Type.Optional(EncryptTo) },
  closed,
);
export type RollApiKey = Type.Static<typeof RollApiKey>;
export const RotateApiKey = Type.Object(
  {
    ...RollApiKey.properties,
    expires_at: Type.Optional(rights.expires_at),
    public_key: CreateApiKey.properties.public_key,
  },
  closed,
);
export type RotateApiKey = Type.Static<typeof RotateApiKey>;
/** `predecessor` is the rotated key, `successor` the new one with its secret. */
export const RotatedApiKey = Type.Object({ predecessor: ApiKey, successor: ApiKeyWithSecret });
export type RotatedApiKey = Type.Static<typeof RotatedApiKey>;

export const DisableApiKey = Type.Object({ reason: Type.Optional(Text(200)) }, closed);
export const RevokeApiKey = Type.Object(
  {
    reason: Type.Optional(Text(200)),
    successors: Type.Optional(
      Type.Boolean({ description: 'Those that came of it by rotation end as well' }),
    ),
  },
  closed,
);
export type RevokeApiKey = Type.Static<typeof RevokeApiKey>;

export const ListApiKeys = Type.Object(
  {
    ...listQuery('apiKey'),
    kind: Type.Optional(Type.Enum([...apiKeyKinds])),
    status: Type.Optional(Type.Enum([...apiKeyStatuses])),
    owner: Type.Optional(Id('member')),
  },
  closed,
);
export type ListApiKeys = Type.Static<typeof ListApiKeys>;
export const OperatorListApiKeys = Type.Object(
  { organization: Type.Optional(Id('organization')), mode: Type.Optional(Mode) },
  closed,
);
export const ApiKeyList = Type.Object({ data: Type.Array(ApiKeyEntry) });

/** Who uses a key and from where, latest first, and which of its permissions it uses. */
export const ApiKeyUsage = Type.Object({
  last_used_at: Nullable(Time),
  uses: Type.Array(
    Type.Object({
      address: Type.String(),
      user_agent: Type.String(),
      requests: Type.Integer(),
      first_used_at: Time,
      last_used_at: Time,
    }),
  ),
  permissions: Type.Array(
    Type.Object({
      permission: Type.String(),
      requests: Type.Integer(),
      last_used_at: Nullable(Time),
      unused: Type.Boolean({ description: 'Not once in 90 days, and given longer ago' }),
    }),
  ),
});
export type ApiKeyUsage = Type.Static<typeof ApiKeyUsage>;

export const ApiKeyPolicy = Type.Object({
  object: Type.Literal('api_key_policy'),
  mode: Mode,
  max_age_days: Nullable(Type.Integer({ minimum: 1, maximum: 3650 })),
  on_overdue: Type.Enum(['warn', 'freeze', 'expire']),
  longest_expiry_days: Nullable(Type.Integer({ minimum: 1, maximum: 3650 })),
  require_ip_ranges: Type.Boolean(),
  one_service_per_key: Type.Boolean(),
  on_plain_http: Type.Enum(['flag', 'disable', 'revoke']),
  on_leak_report: Type.Enum(['flag', 'disable', 'revoke']),
  updated_at: Nullable(Time),
});
export type ApiKeyPolicy = Type.Static<typeof ApiKeyPolicy>;
const { object: _o, mode: _m, updated_at: _u, ...policyFields } = ApiKeyPolicy.properties;
export const UpdateApiKeyPolicy = Type.Partial(Type.Object(policyFields, closed), {
  ...closed,
  minProperties: 1,
});
export type UpdateApiKeyPolicy = Type.Static<typeof UpdateApiKeyPolicy>;
/** Which keys an operator means, where that is one organization and mode. */
export const OperatorApiKeyScope = Type.Object(
  { organization: Type.Optional(Id('organization')), mode: Mode },
  closed,
);
/** Keys that a change of the rules would concern. */
export const ApiKeyPolicyPreview = Type.Object({
  end_now: Type.Array(ApiKey, { description: 'Would stop working at once' }),
  overdue: Type.Array(ApiKey),
  without_ip_ranges: Type.Array(ApiKey),
  expire_too_late: Type.Array(ApiKey),
  without_service: Type.Array(ApiKey),
});
export type ApiKeyPolicyPreview = Type.Static<typeof ApiKeyPolicyPreview>;

/**
 * What GitHub's secret scanning sends its partners: `[{token, type, url, source}]`. Its entries are
 * taken one by one, so that one of another form does not stop the others.
 */
export const SecretScanningAlerts = Type.Array(
  Type.Unknown({ description: '`{token, type, url, source}`' }),
  { maxItems: 5000 },
);
export type SecretScanningAlerts = Type.Static<typeof SecretScanningAlerts>;
/** `true_positive`: a key of this installation. */
export const SecretScanningLabels = Type.Array(
  Type.Object({
    token_hash: Type.String({ description: 'SHA-256 of the token, in hexadecimal' }),
    token_type: Type.String(),
    label: Type.Enum(['true_positive', 'false_positive']),
  }),
);
export type SecretScanningLabels = Type.Static<typeof SecretScanningLabels>;

const keyFindings = [
  'exposed',
  'overdue',
  'due_soon',
  'beyond_owner',
  'owner_gone',
  'shared',
  'shared_environments',
  'unused',
  'unused_permissions',
  'too_broad',
  'no_ip_ranges',
  'no_origins',
  'never_expires',
  'no_service',
] as const;
/** What could be safer, most urgent first. `fix` is the act that the dashboard offers beside it. */
export const ApiKeySafety = Type.Object({
  checked_at: Time,
  keys: Type.Integer({ description: 'Living keys that were looked at' }),
  data: Type.Array(
    Type.Object({
      key: ApiKeyEntry,
      finding: Type.Enum([...keyFindings]),
      severity: Type.Enum(['high', 'medium', 'low']),
      detail: Type.String(),
      fix: Type.Enum(['rotate', 'revoke', 'narrow', 'restrict_addresses', 'set_expiry', 'edit']),
      permissions: Type.Array(Type.String(), { description: 'Those to take away, with `narrow`' }),
    }),
  ),
});
export type ApiKeySafety = Type.Static<typeof ApiKeySafety>;
