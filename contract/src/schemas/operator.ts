import Type from 'typebox';
import { allPermissions } from '../permissions.ts';
import { closed, Id, Mode, Name, Nullable, Text, Time } from './common.ts';

export const CreateOrganization = Type.Object({ name: Name(200) }, closed);
export const Organization = Type.Object({
  id: Id('organization'),
  object: Type.Literal('organization'),
  name: Type.String(),
  created_at: Time,
});
export type Organization = Type.Static<typeof Organization>;

const PermissionName = Type.Enum([...allPermissions]);

export const CreateApiKey = Type.Object(
  {
    organization: Type.Optional(
      Id('organization', 'May be left out while there is only one organization'),
    ),
    mode: Mode,
    kind: Type.Optional(Type.Enum(['secret', 'publishable'])),
    name: Text(200),
    permissions: Type.Optional(
      Type.Array(PermissionName, {
        minItems: 1,
        maxItems: 100,
        description: 'Default: all that a key of this mode can have',
      }),
    ),
    owner: Type.Optional(
      Text(254, 'Email address of the member whose key it is; the key can end with them'),
    ),
    rate_limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Requests per second' }),
    ),
  },
  closed,
);
export type CreateApiKey = Type.Static<typeof CreateApiKey>;

export const ApiKey = Type.Object({
  id: Id('apiKey'),
  object: Type.Literal('api_key'),
  organization: Id('organization'),
  mode: Mode,
  kind: Type.Enum(['secret', 'publishable']),
  name: Type.String(),
  hint: Type.String({ description: 'Beginning and end of the key, to recognize it by' }),
  permissions: Type.Array(Type.String()),
  rate_limit: Nullable(Type.Integer()),
  api_version: Type.String(),
  owner: Nullable(Id('member')),
  created_at: Time,
  revoked_at: Nullable(Time),
  revoked_reason: Nullable(Type.String()),
});
export type ApiKey = Type.Static<typeof ApiKey>;
export const ApiKeyWithSecret = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'Shown once' }),
});
export const RevokeApiKey = Type.Object({ reason: Type.Optional(Text(200)) }, closed);
export const ListApiKeys = Type.Object(
  { organization: Type.Optional(Id('organization')), mode: Type.Optional(Mode) },
  closed,
);
export const ApiKeyList = Type.Object({ data: Type.Array(ApiKey) });
export const OrganizationList = Type.Object({ data: Type.Array(Organization) });

export const CreateSetupLink = Type.Object(
  {
    organization: Type.Optional(
      Id('organization', 'May be left out while there is only one organization'),
    ),
  },
  closed,
);
/** `link` is null when the organization has an owner already. */
export const SetupLink = Type.Object({ link: Nullable(Type.String()) });
export type SetupLink = Type.Static<typeof SetupLink>;
export const OperatorResetFactors = Type.Object({ email: Text(254) }, closed);
/** Until `enroll_until` the person enrols a new factor with the password alone. */
export const FactorsReset = Type.Object({
  account: Id('account'),
  email: Type.String(),
  enroll_until: Time,
});
export type FactorsReset = Type.Static<typeof FactorsReset>;
export const OperatorUnlock = Type.Object({ email: Text(254) }, closed);
export const AccountUnlocked = Type.Object({
  account: Id('account'),
  email: Type.String(),
  was_locked: Type.Boolean(),
});
export type AccountUnlocked = Type.Static<typeof AccountUnlocked>;
export const OperatorPasswordLink = Type.Object({ email: Text(254) }, closed);
export const PasswordLink = Type.Object({
  email: Type.String(),
  link: Type.String({ description: 'Works once' }),
  expires_at: Time,
});
export type PasswordLink = Type.Static<typeof PasswordLink>;
