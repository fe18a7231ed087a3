import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import type { AuditNote, Tx } from '../core/mutate.ts';
import { listKeysOf, revokeKeysOf } from '../keys/index.ts';
import { openInvitationsOf, revokeInvitationsOf } from './invitation.ts';
import { readMember } from './member.ts';
import { shutOut } from './shut-out.ts';
import type { Standing } from './standing.ts';
import { tellOfKeys } from './tell-of-keys.ts';

/** What ends when somebody is disabled, and which keys could end with them. */
export async function previewDeparture(ctx: ScopedContext, id: string): Promise<schemas.Departure> {
  const { organization } = ctx.scope;
  const { read } = ctx.db;
  const { sessions } = await readMember(read, organization, id);
  const [invitations, keys] = await Promise.all([
    openInvitationsOf(read, organization, id),
    listKeysOf(read, organization, id),
  ]);
  return { sessions, invitations: invitations.length, api_keys: keys };
}

/** What ended with a member. */
export type Departed = { sessions: number; invitations: string[]; keys: schemas.ApiKey[] };

/** Ends what a member who goes has open, in the transaction in which they go. */
export async function endDeparture(
  tx: Tx,
  organization: string,
  target: Standing,
  keys: readonly string[],
): Promise<Departed> {
  const { id } = target;
  const sessions = await shutOut(tx, organization, target, 'member_disabled');
  const invitations = await revokeInvitationsOf(tx, organization, id);
  const revoked = await revokeKeysOf(tx, organization, id, keys, 'member_disabled');
  await tellOfKeys(tx, organization, [target]);
  return { sessions, invitations, keys: revoked };
}

/** The audit entries of a departure: of the member, and of each key. */
export function departureNotes(
  action: 'member.disable' | 'member.leave',
  member: string,
  { sessions, invitations, keys }: Departed,
): AuditNote[] {
  const api_keys = keys.map((key) => key.id);
  return [
    { action, object: member, details: { sessions, invitations, api_keys } },
    ...keys.map(({ id, organization, mode }) => ({
      action: 'api_key.revoke',
      object: id,
      details: { reason: 'member_disabled', member },
      where: { organization, mode },
    })),
  ];
}
