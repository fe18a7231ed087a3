import Type from 'typebox';
import { closed, Id, Name, Nullable, Text, Time } from './common.ts';

export const CreateOrganization = Type.Object({ name: Name(200) }, closed);
export const Organization = Type.Object({
  id: Id('organization'),
  object: Type.Literal('organization'),
  name: Type.String(),
  created_at: Time,
});
export type Organization = Type.Static<typeof Organization>;

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
