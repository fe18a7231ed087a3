import type { schemas } from 'payos-contract';
import {
  type AccessDependencies,
  answerSession,
  createAccount,
  hashToken,
  openSession,
  switchOrganization,
} from '../access/index.ts';
import { type Context, sessionOf } from '../core/context.ts';
import { type Database, type Query, run, statement } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { admitMember } from './admit-member.ts';
import { lockOrganization } from './change-people.ts';
import { newPerson } from './new-person.ts';
import { roleName } from './offer-invitation.ts';
import { requireDomain } from './policy.ts';
import { findStanding, mayGrant } from './standing.ts';

const isOpen = 'i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()';
const selectOffer = statement(
  'invitations.offer',
  `SELECT i.organization_id, o.name AS organization, i.email, i.email_key, a.name AS invited_by,
     i.role_test, i.role_live, i.expires_at,
     i.mailed_token_hash IS NOT DISTINCT FROM $1 AS by_mail,
     EXISTS (SELECT 1 FROM accounts k WHERE k.email_key = i.email_key) AS account_exists
   FROM invitations i
   JOIN organizations o ON o.id = i.organization_id
   JOIN members m ON m.organization_id = i.organization_id AND m.id = i.invited_by
   JOIN accounts a ON a.id = m.account_id
   WHERE $1 IN (i.token_hash, i.mailed_token_hash) AND ${isOpen}`,
);
/** Of two who come with the same link at once, one gets it. */
const take = statement(
  'invitations.take',
  `UPDATE invitations i SET accepted_at = now()
   WHERE $1 IN (i.token_hash, i.mailed_token_hash) AND i.organization_id = $2 AND ${isOpen}
   RETURNING i.id, i.role_test, i.role_live, i.invited_by`,
);
const selectMembership = statement(
  'invitations.membership',
  'SELECT status FROM members WHERE organization_id = $1 AND account_id = $2',
);
const selectEmail = statement(
  'invitations.email_of',
  'SELECT email_key FROM accounts WHERE id = $1',
);

type Offer = {
  organization_id: string;
  organization: string;
  email: string;
  email_key: string;
  invited_by: string;
  role_test: string | null;
  role_live: string | null;
  expires_at: string;
  account_exists: boolean;
  by_mail: boolean;
};
type Taken = { id: string; role_test: string | null; role_live: string | null; invited_by: string };

type Outcome = { account: string; invitation: string; member: string; token: string | undefined };

/**
 * What an invitation offers, to whoever holds its link. Whether the address has an account is told
 * by the mailed link alone: the other one is known to whoever invited.
 *
 * @throws ApiError `link_invalid`
 */
export async function lookUpInvitation(
  ctx: Context,
  token: string,
): Promise<schemas.InvitationPreview> {
  const offer = await readOffer(ctx.db, token);
  const { organization_id, organization, email, invited_by, expires_at } = offer;
  const account_exists = offer.by_mail ? offer.account_exists : null;
  const [test, live] = await Promise.all([
    roleName(ctx.db.read, organization_id, offer.role_test),
    roleName(ctx.db.read, organization_id, offer.role_live),
  ]);
  return { organization, email, invited_by, roles: { test, live }, expires_at, account_exists };
}

/** The same answer for links that are unknown, used, withdrawn or too old. */
async function readOffer(db: Database, token: string): Promise<Offer> {
  const [offer] = await run<Offer>(db.write, selectOffer, [hashToken(token)]);
  if (offer === undefined) throw new ApiError('link_invalid');
  return offer;
}

/**
 * Accepts an invitation: a new person with name and password, one who has an account by being
 * signed in as the invited address; their session goes on in the new organization. What the
 * inviter may do, and what the roles grant, is looked at now, not when the invitation was written.
 *
 * @throws ApiError `link_invalid`, `invitation_for_other`, `email_taken`, `password_refused`,
 *   `inviter_gone`, `email_domain_refused`, `already_member`
 */
export async function acceptInvitation(
  ctx: Context,
  deps: AccessDependencies,
  input: schemas.AcceptInvitation,
): Promise<Reply> {
  const offer = await readOffer(ctx.db, input.token);
  const { organization_id: organization } = offer;
  const own = await accountFor(ctx, offer);
  const person = own === undefined ? await personFor(deps, offer, input) : undefined;
  // After all else: nobody asks whether there is an account by what does not make one.
  if (person !== undefined && offer.account_exists) throw new ApiError('email_taken');
  const { token } = await mutate<Outcome>(
    ctx,
    {
      permission: 'anyone',
      scope: { organization, mode: 'live' },
      wide: true,
      audit: ({ account, invitation, member }) => ({
        action: 'invitation.accept',
        object: invitation,
        details: { member },
        actor: { type: 'account', id: account },
      }),
    },
    async (tx) => {
      await lockOrganization(tx.query, organization);
      const taken = await takeInvitation(tx, organization, input.token);
      await requireDomain(tx.query, organization, offer.email);
      const account = person === undefined ? (own ?? '') : await createAccount(tx, person);
      await requireNoMember(tx.query, organization, account);
      const { id: invitation, invited_by: invitedBy } = taken;
      const roles = { test: taken.role_test, live: taken.role_live };
      const member = await admitMember(tx, organization, { account, roles, invitedBy });
      const said = { account, invitation, member: member.id };
      if (person === undefined) return { ...said, token: undefined };
      const proofs = ['password'] as const;
      const session = { account, organization, state: 'enrollment', proofs } as const;
      return { ...said, token: (await openSession(tx, ctx, session)).token };
    },
  );
  if (token !== undefined) return answerSession(ctx, deps, token);
  return switchOrganization(ctx, deps, organization);
}

/** The account of whoever is signed in; undefined for somebody new. */
async function accountFor(ctx: Context, offer: Offer): Promise<string | undefined> {
  const { actor } = ctx;
  if (actor.type !== 'account' || actor.session.state !== 'active') return undefined;
  const { account } = sessionOf(ctx);
  const [row] = await ctx.db.read<{ email_key: string }>(selectEmail, [account]);
  if (row?.email_key !== offer.email_key) throw new ApiError('invitation_for_other');
  return account;
}

function personFor(deps: AccessDependencies, offer: Offer, input: schemas.AcceptInvitation) {
  const { name, password } = input;
  const missing = name === undefined ? 'name' : password === undefined ? 'password' : undefined;
  if (name === undefined || password === undefined) {
    const message = 'Whoever has no account yet chooses a name and a password.';
    throw fieldError(`/${missing}`, 'missing', message, 'Send both.');
  }
  return newPerson(deps, { email: offer.email, name, password }, offer.organization);
}

async function takeInvitation(tx: Tx, organization: string, token: string): Promise<Taken> {
  const [taken] = await tx.query<Taken>(take, [hashToken(token), organization]);
  if (taken === undefined) throw new ApiError('link_invalid');
  const inviter = await findStanding(tx.query, organization, taken.invited_by);
  const roles = { test: taken.role_test, live: taken.role_live };
  const may =
    inviter?.active === true &&
    inviter.permissions.live.has('members:write') &&
    (await mayGrant(tx.query, organization, inviter, roles));
  if (!may) throw new ApiError('inviter_gone');
  return taken;
}

/** Somebody who was disabled is let in by enabling them, not by an invitation. */
async function requireNoMember(query: Query, organization: string, account: string): Promise<void> {
  const [member] = await query<{ status: string }>(selectMembership, [organization, account]);
  if (member === undefined) return;
  const detail = member.status === 'disabled' ? 'You were disabled here. Ask an admin.' : undefined;
  throw new ApiError('already_member', { detail });
}
