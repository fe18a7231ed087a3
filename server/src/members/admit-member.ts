import type { schemas } from 'payos-contract';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { readMember } from './member.ts';

const insertMember = statement(
  'members.insert',
  `INSERT INTO members (organization_id, id, account_id, role_test, role_live, invited_by)
   VALUES ($1, $2, $3, $4, $5, $6)`,
);

type NewMember = { account: string; roles: schemas.RolesByMode; invitedBy: string | null };

/** Makes a person a member. Called under the lock of the organization. */
export async function admitMember(
  tx: Tx,
  organization: string,
  { account, roles, invitedBy }: NewMember,
): Promise<schemas.Member> {
  const id = newId('member');
  const values = [organization, id, account, roles.test, roles.live, invitedBy];
  await tx.query(insertMember, values);
  const member = await readMember(tx.query, organization, id);
  const scope = { organization, mode: 'live' } as const;
  tx.event({ type: 'member.joined', object: id, data: member, scope });
  return member;
}
