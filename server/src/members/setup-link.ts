import type { schemas } from 'payos-contract';
import { createLink } from '../access/index.ts';
import type { Context } from '../core/context.ts';
import { mutate } from '../core/mutate.ts';
import { linkTo } from '../mail/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { lockOrganization } from './change-people.ts';
import { ownersOf } from './last-owner.ts';

const linkMinutes = 24 * 60;

/**
 * Makes the link with which the first owner of an organization sets it up; it works for a day, and
 * those before it no longer.
 *
 * @returns no link when the organization has an owner
 */
export async function createSetupLink(
  ctx: Context,
  publicUrl: string,
  asked: string | undefined,
): Promise<schemas.SetupLink> {
  const organization = await findOrganization(ctx, asked);
  return mutate<schemas.SetupLink>(
    ctx,
    {
      permission: 'operator:people',
      scope: { organization, mode: 'live' },
      wide: true,
      audit: ({ link }) =>
        link === null ? undefined : { action: 'setup_link.create', object: organization },
    },
    async (tx) => {
      await lockOrganization(tx.query, organization);
      if ((await ownersOf(tx.query, organization)) > 0) return { link: null };
      const token = await createLink(tx, { kind: 'setup', organization, minutes: linkMinutes });
      return { link: linkTo(publicUrl, 'setup', token) };
    },
  );
}
