import type { schemas } from 'payos-contract';
import {
  type AccessDependencies,
  answerSession,
  createAccount,
  openSession,
  readLink,
  spendLink,
} from '../access/index.ts';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import { renameOrganization } from '../organizations/index.ts';
import { admitMember } from './admit-member.ts';
import { lockOrganization } from './change-people.ts';
import { ownersOf } from './last-owner.ts';
import { newPerson } from './new-person.ts';

const selectOrganization = statement(
  'setup.organization',
  'SELECT id, name FROM organizations WHERE id = $1',
);

/** What a set-up link is for. @throws ApiError `link_invalid` */
export async function lookUpSetup(ctx: Context, token: string): Promise<schemas.SetupPreview> {
  const organization = await organizationOf(ctx, token);
  const [row] = await ctx.db.read<{ id: string; name: string }>(selectOrganization, [organization]);
  if (row === undefined) throw new ApiError('link_invalid');
  return { organization: row };
}

async function organizationOf(ctx: Context, token: string): Promise<string> {
  const { organization_id } = await readLink(ctx.db, 'setup', token);
  if (organization_id === null) throw new ApiError('link_invalid');
  return organization_id;
}

const owner = { test: 'owner', live: 'owner' } as const;

/**
 * The first owner sets the organization up: person, member, name and session come into being
 * together, and use the link up. What the session may do is enrol a factor.
 *
 * @throws ApiError `link_invalid`, `password_refused`, `email_taken`
 */
export async function setUp(
  ctx: Context,
  deps: AccessDependencies,
  input: schemas.SetUp,
): Promise<Reply> {
  const organization = await organizationOf(ctx, input.token);
  const person = await newPerson(deps, input, input.organization);
  const { token } = await mutate<{ account: string; member: string; token: string }>(
    ctx,
    {
      permission: 'anyone',
      scope: { organization, mode: 'live' },
      wide: true,
      audit: ({ account, member }) => ({
        action: 'organization.set_up',
        object: member,
        details: { name: input.organization },
        actor: { type: 'account', id: account },
      }),
    },
    async (tx) => {
      await lockOrganization(tx.query, organization);
      await spendLink(tx, 'setup', input.token);
      if ((await ownersOf(tx.query, organization)) > 0) throw new ApiError('link_invalid');
      const account = await createAccount(tx, person);
      await renameOrganization(tx, organization, input.organization);
      const { id: member } = await admitMember(tx, organization, {
        account,
        roles: owner,
        invitedBy: null,
      });
      const proofs = ['password'] as const;
      const session = { account, organization, state: 'enrollment', proofs } as const;
      return { account, member, ...(await openSession(tx, ctx, session)) };
    },
  );
  return answerSession(ctx, deps, token);
}
