import Type from 'typebox';
import { allPermissions } from '../permissions.ts';
import { Email, LinkToken, Password } from './access.ts';
import { closed, Id, Name, Nullable, Time } from './common.ts';
import { ApiKey } from './keys.ts';

/** A built-in role by its name, or a custom one by its id. */
const RoleId = Type.String({
  pattern: '^([a-z_]{3,30}|role_[1-9A-HJ-NP-Za-km-z]{22})$',
  description: 'e.g. `developer`, or `role_…` of a custom role',
});

/** What somebody may be in each mode; null: nothing. At least one of them. */
export const RolesByMode = Type.Object({ test: Nullable(RoleId), live: Nullable(RoleId) }, closed);
export type RolesByMode = Type.Static<typeof RolesByMode>;

const memberStatuses = ['active', 'disabled'] as const;
export const Member = Type.Object({
  id: Id('member'),
  object: Type.Literal('member'),
  account: Id('account'),
  name: Type.String(),
  email: Type.String(),
  roles: RolesByMode,
  status: Type.Enum([...memberStatuses]),
  locked_until: Nullable(Time),
  factors: Type.Object({
    passkeys: Type.Integer(),
    totp: Type.Boolean(),
    recovery_codes: Type.Integer(),
  }),
  last_seen_at: Nullable(Time),
  sessions: Type.Integer({ description: 'Open now' }),
  invited_by: Nullable(Id('member')),
  created_at: Time,
  disabled_at: Nullable(Time),
});
export type Member = Type.Static<typeof Member>;
export const MemberList = Type.Object({ data: Type.Array(Member) });
export const UpdateMember = Type.Object({ roles: RolesByMode }, closed);
export const DisableMember = Type.Object(
  {
    revoke_api_keys: Type.Optional(
      Type.Array(Id('apiKey'), {
        maxItems: 1000,
        description: 'Those of the keys they own that end with them',
      }),
    ),
  },
  closed,
);
export const EnableMember = Type.Object(
  {
    factors_replaced: Type.Optional(
      Type.Literal(true, {
        description: 'Known: while they were disabled, others let them enrol new factors',
      }),
    ),
  },
  closed,
);
export type EnableMember = Type.Static<typeof EnableMember>;
/** What ends, or may end, when a member is disabled. */
export const Departure = Type.Object({
  sessions: Type.Integer(),
  invitations: Type.Integer(),
  api_keys: Type.Array(ApiKey, { description: 'They alone own these' }),
});
export type Departure = Type.Static<typeof Departure>;

export const Invitation = Type.Object({
  id: Id('invitation'),
  object: Type.Literal('invitation'),
  email: Type.String(),
  roles: RolesByMode,
  status: Type.Enum(['open', 'accepted', 'revoked', 'expired']),
  invited_by: Id('member'),
  invited_by_name: Type.String(),
  mailed: Type.Boolean(),
  created_at: Time,
  expires_at: Time,
});
export type Invitation = Type.Static<typeof Invitation>;
export const InvitationWithLink = Type.Object({
  ...Invitation.properties,
  link: Type.String({ description: 'Shown once; only for the person with this email address' }),
});
export const InvitationList = Type.Object({ data: Type.Array(Invitation) });
export const CreateInvitation = Type.Object({ email: Email, roles: RolesByMode }, closed);
export type CreateInvitation = Type.Static<typeof CreateInvitation>;
export const InvitationPreview = Type.Object({
  organization: Type.String(),
  email: Type.String(),
  invited_by: Type.String(),
  roles: Type.Object({ test: Nullable(Type.String()), live: Nullable(Type.String()) }),
  expires_at: Time,
  account_exists: Type.Unsafe<boolean | null>({
    type: ['boolean', 'null'],
    description: 'Then sign in first, and accept after. Null by a link that was not mailed',
  }),
});
export type InvitationPreview = Type.Static<typeof InvitationPreview>;
export const AcceptInvitation = Type.Object(
  {
    token: LinkToken,
    name: Type.Optional(Name(200, 'Of a new account')),
    password: Type.Optional(Password),
  },
  closed,
);
export type AcceptInvitation = Type.Static<typeof AcceptInvitation>;

const GrantedPermissions = Type.Array(Type.Enum([...allPermissions]), {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
});
export const Role = Type.Object({
  id: RoleId,
  object: Type.Literal('role'),
  name: Type.String(),
  description: Nullable(Type.String()),
  built_in: Type.Boolean(),
  permissions: Type.Array(Type.Enum([...allPermissions])),
  members: Type.Integer({ description: 'Active members who have it in some mode' }),
});
export type Role = Type.Static<typeof Role>;
export const RoleList = Type.Object({ data: Type.Array(Role) });
export const CreateRole = Type.Object(
  {
    name: Name(60),
    description: Type.Optional(Name(300)),
    permissions: GrantedPermissions,
  },
  closed,
);
export type CreateRole = Type.Static<typeof CreateRole>;
export const UpdateRole = Type.Object(
  {
    name: Type.Optional(Name(60)),
    description: Type.Optional(Nullable(Name(300))),
    permissions: Type.Optional(GrantedPermissions),
  },
  { ...closed, minProperties: 1 },
);
export type UpdateRole = Type.Static<typeof UpdateRole>;

export const FactorReset = Type.Object({
  id: Id('factorReset'),
  object: Type.Literal('factor_reset'),
  member: Id('member'),
  name: Type.String(),
  email: Type.String(),
  reason: Type.String(),
  address: Nullable(Type.String()),
  status: Type.Enum(['pending', 'approved', 'refused']),
  decided_by: Nullable(Id('member')),
  created_at: Time,
  decided_at: Nullable(Time),
});
export type FactorReset = Type.Static<typeof FactorReset>;
export const FactorResetList = Type.Object({ data: Type.Array(FactorReset) });

export const SecurityPolicy = Type.Object({
  object: Type.Literal('security_policy'),
  allowed_factors: Type.Array(Type.Enum(['passkey', 'totp']), { minItems: 1, uniqueItems: true }),
  idle_minutes: Type.Integer({ minimum: 1, maximum: 15 }),
  session_hours: Type.Integer({ minimum: 1, maximum: 12 }),
  email_domains: Type.Array(
    Type.String({ pattern: '^[a-z0-9.-]{1,253}$', description: 'Empty list: every domain' }),
    { maxItems: 100, uniqueItems: true },
  ),
  ip_ranges: Type.Array(
    Type.String({ minLength: 2, maxLength: 49, description: 'CIDR; empty list: every address' }),
    { maxItems: 100, uniqueItems: true },
  ),
  updated_at: Nullable(Time),
});
export type SecurityPolicy = Type.Static<typeof SecurityPolicy>;
const { object: _object, updated_at: _updatedAt, ...policyFields } = SecurityPolicy.properties;
export const UpdateSecurityPolicy = Type.Partial(Type.Object(policyFields, closed), closed);
export type UpdateSecurityPolicy = Type.Static<typeof UpdateSecurityPolicy>;
/** Who could not get in, or not without doing something first. */
export const PolicyPreview = Type.Object({
  you: Type.Array(Type.String({ description: 'What would lock you out, in words' })),
  locked_out: Type.Array(
    Type.Object({
      member: Id('member'),
      name: Type.String(),
      email: Type.String(),
      reasons: Type.Array(Type.Enum(['factor', 'email_domain', 'address'])),
    }),
  ),
});
export type PolicyPreview = Type.Static<typeof PolicyPreview>;
export const UpdateOrganization = Type.Object({ name: Name(200) }, closed);
