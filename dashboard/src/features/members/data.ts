import type { UseQueryResult } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import { useCan, useRead } from '../../api/index.ts';
import { covers, grantsOf, ownGrants, type Role } from '../roles/index.ts';

export type Member = schemas.Member;
export type Invitation = schemas.Invitation;
export type FactorReset = schemas.FactorReset;
type Session = schemas.Session;

/** Who is locked out or signed in changes without anybody here doing it. */
const pollMs = 30_000;

export const useMembers = (enabled = true): UseQueryResult<{ data: Member[] }> =>
  useRead('/v1/members', { pollMs, enabled });

export const useMember = (id: string): UseQueryResult<Member> =>
  useRead(`/v1/members/${id}`, { pollMs });

export const useInvitations = (): UseQueryResult<{ data: Invitation[] }> =>
  useRead('/v1/invitations');

/** Requests of people who lost every factor, for those who may decide them. */
export function useFactorResets(): UseQueryResult<{ data: FactorReset[] }> {
  const can = useCan();
  return useRead('/v1/factor_resets', { pollMs, enabled: can('members:suspend') });
}

export const isLocked = ({ locked_until: until }: Member): boolean => until !== null;

/** Owners are touched by owners only. */
const ownerOnly = (session: Session, { roles }: Member) =>
  roles.live === 'owner' && session.roles.live !== 'owner';

/** Why somebody may not be disabled, unlocked or signed out by this person. */
export function whyNotStop(session: Session, member: Member): string | undefined {
  if (member.id === session.member) return 'Ask another member to do this to you.';
  if (ownerOnly(session, member)) return 'Only an owner does this to an owner.';
  return undefined;
}

/** Why somebody's roles may not be changed by this person. */
export function whyNotManage(
  session: Session,
  member: Member,
  roles: readonly Role[],
): string | undefined {
  if (ownerOnly(session, member)) return 'Only an owner does this to an owner.';
  if (covers(ownGrants(session), grantsOf(member.roles, roles))) return undefined;
  return `${member.name} may do things that you may not: ask somebody who may do all of them.`;
}
